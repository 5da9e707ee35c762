# Sourced by the examples: a folder of their own, the program, and the end of everything that they started.
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
root="$(cd "$here/../.." && pwd)"
folder="$(mktemp -d)"
started=()

finish() {
  local pid
  for pid in "${started[@]}"; do kill "$pid" 2>/dev/null; done
  wait
  if [ "${KEEP:-}" = "" ]; then rm -rf "$folder"; else echo "kept $folder"; fi
}
trap finish EXIT

# From a checkout the sources run; elsewhere the installed program.
if [ -e "$root/scripts/zenoflow.ts" ]; then
  npm --prefix "$root" run --silent build:host
  # A command, not a function: in the background its number is that of the process.
  zenoflow=(node --import "file://$root/node_modules/tsx/dist/loader.mjs" "$root/scripts/zenoflow.ts")
else
  zenoflow=(npx zenoflow)
fi

need() {
  command -v "$1" >/dev/null && return
  echo "this example needs $1: apt-get install $2" >&2
  exit 69
}
