// The verb `completion`: prints the script that makes a shell complete zenoflow's words.

import { Argument, type Command } from "commander";
import { EXIT } from "../exit-codes.js";
import type { VerbRunner } from "../verb.js";

/** Shells with a completion script. */
export type Shell = "bash" | "zsh" | "fish";

const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# zenoflow completion for bash. Load it with: source <(zenoflow completion bash)
_zenoflow() {
  local IFS=$'\\n' word="\${COMP_WORDS[COMP_CWORD]}"
  local words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  # Readline splits at "=" and ":"; the program wants whole words.
  local line="\${COMP_LINE:0:COMP_POINT}"
  IFS=' ' read -r -a words <<< "\${line#* }"
  [[ "$line" == *" " ]] && words+=("")
  IFS=$'\\n'
  COMPREPLY=($(compgen -W "$(zenoflow __complete "$((\${#words[@]} - 1))" "\${words[@]}" 2>/dev/null)" -- "\${words[\${#words[@]} - 1]}"))
  local prefix="\${words[\${#words[@]} - 1]%"$word"}"
  COMPREPLY=("\${COMPREPLY[@]#"$prefix"}")
  [[ \${#COMPREPLY[@]} == 1 && ( "\${COMPREPLY[0]}" == *= || "\${COMPREPLY[0]}" == */ ) ]] && compopt -o nospace
  return 0
}
complete -o default -F _zenoflow zenoflow
`,
  zsh: `#compdef zenoflow
# zenoflow completion for zsh. Load it with: source <(zenoflow completion zsh)
_zenoflow() {
  local -a found
  found=("\${(@f)$(zenoflow __complete $((CURRENT - 2)) "\${(@)words[2,CURRENT]}" 2>/dev/null)}")
  compadd -S '' -- \${(M)found:#*=}
  compadd -- \${found:#*=}
  (( \${#found} )) || _files
}
compdef _zenoflow zenoflow
`,
  fish: `# zenoflow completion for fish. Load it with: zenoflow completion fish | source
function __zenoflow_complete
  set -l words (commandline -opc)[2..-1] (commandline -ct)
  zenoflow __complete (math (count $words) - 1) $words 2>/dev/null
end
complete -c zenoflow -a '(__zenoflow_complete)'
`,
};

/** Adds the verb. */
export function addCompletion(program: Command, run: VerbRunner): void {
  program
    .command("completion")
    .summary("print the completion script of a shell")
    .description(
      "Print a script for your shell that completes verbs, flags, models, presets, run folders and keys.",
    )
    .addArgument(new Argument("<shell>", "your shell").choices(Object.keys(SCRIPTS)))
    .addHelpText("after", "\nExample:\n  $ echo 'source <(zenoflow completion bash)' >> ~/.bashrc")
    .action((shell: Shell) =>
      run(async ({ terminal }) => {
        await terminal.out(SCRIPTS[shell]);
        return EXIT.done;
      }),
    );
}
