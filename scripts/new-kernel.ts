// Starts a kernel: a folder of kernels/ that works, with its case, listed where it must be. The texts are in
// scripts/kernel-template/, what to do with them in kernels/README.md.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";

const root = fileURLToPath(new URL("..", import.meta.url));
const template = path.join(root, "scripts/kernel-template");
const cases = path.join(root, "benchmarks/cases");

const KEBAB = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** Words that say nothing about a kernel (the linter refuses them too), and the folder that is none. */
const REFUSED = /(^|-)(utils?|helpers?|manager|common|process|misc)(-|$)|^runtime$/;

/** Words of the language, which no function can be called. */
const RESERVED =
  /^(await|break|case|catch|class|const|continue|debugger|default|delete|do|else|enum|export|extends|false|finally|for|function|if|import|in|instanceof|let|new|null|return|static|super|switch|this|throw|true|try|typeof|var|void|while|with|yield)$/;

/** Why a kernel cannot have this name, or null. */
export function refusal(name: string | undefined): string | null {
  if (name === undefined) return "a name is missing: npm run new-kernel -- my-kernel";
  if (!KEBAB.test(name))
    return `the name must be kebab-case, for example my-kernel, but is "${name}"`;
  if (REFUSED.test(name) || RESERVED.test(name))
    return `the name must say what the kernel computes, but is "${name}"`;
  if (existsSync(path.join(root, "kernels", name))) return `kernels/${name} exists already`;
  if (existsSync(path.join(cases, `${name}.ts`)))
    return `benchmarks/cases/${name}.ts exists already`;
  return null;
}

/** The forms in which the name stands in the templates. */
function spellings(kebab: string): Readonly<Record<string, string>> {
  const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
  const pascal = kebab.split("-").map(capital).join("");
  const words = kebab.replaceAll("-", " ");
  const camel = pascal.charAt(0).toLowerCase() + pascal.slice(1);
  return { kebab, camel, Pascal: pascal, words, Words: capital(words) };
}

/** Writes a text as the formatter wants it; AssemblyScript it does not know. */
async function write(file: string, text: string): Promise<void> {
  const config = await prettier.resolveConfig(file);
  const known = !file.endsWith(".as.ts");
  writeFileSync(file, known ? await prettier.format(text, { ...config, filepath: file }) : text);
  console.log(path.relative(root, file));
}

/** The list of cases with one more, in the order of the names. */
export function withCase(index: string, kebab: string, camel: string): string {
  const imports = [...index.matchAll(/^import \{ \w+ \} from "\.\/([\w-]+)\.js";$/gm)];
  const entries = imports.map(([line, name]) => ({ name: name!, line }));
  entries.push({ name: kebab, line: `import { ${camel}Case } from "./${kebab}.js";` });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  const identifiers = entries.map(({ line }) => /\{ (\w+) \}/.exec(line)![1]!);
  return index
    .replace(/(^import \{ \w+ \} from .*\n)+/m, `${entries.map(({ line }) => line).join("\n")}\n`)
    .replace(/(kernelCases[^=]*= \[)[^\]]*\]/, `$1${identifiers.join(", ")}]`);
}

async function create(name: string): Promise<void> {
  const names = spellings(name);
  const fill = (text: string): string =>
    text.replaceAll(/\{\{(\w+)\}\}/g, (_, key: string) => names[key]!);
  mkdirSync(path.join(root, "kernels", name));
  for (const file of readdirSync(template)) {
    const target = file.replace(/\.txt$/, "");
    const place =
      target === "case.ts"
        ? path.join(cases, `${name}.ts`)
        : path.join(root, "kernels", name, target);
    await write(place, fill(readFileSync(path.join(template, file), "utf8")));
  }
  const index = path.join(cases, "index.ts");
  await write(index, withCase(readFileSync(index, "utf8"), name, names["camel"]!));
  // In a process of its own, which loads the new list.
  const table = path.join(root, "scripts/kernel-table.ts");
  execFileSync(process.execPath, ["--import", "tsx", table], { cwd: root, stdio: "inherit" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [name] = process.argv.slice(2);
  const why = refusal(name);
  if (why === null) {
    await create(name!);
    console.log(
      `\nNext: npm run build:host && npx mocha test/kernels/conformance.test.ts -g ${name!}`,
    );
    console.log("Then put your equation in place of y = a x²: kernels/README.md.");
  } else {
    console.error(`new-kernel: ${why}.`);
    process.exitCode = 2;
  }
}
