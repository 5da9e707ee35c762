#!/usr/bin/env bash
# Packs the built package, installs it into an empty project and uses it there from plain Node, from the
# command line and from a strict TypeScript consumer. Needs `npm run build` before.
set -euo pipefail

root="$(cd "$(dirname "$0")/.." && pwd)"
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT

step() { printf 'check-pack: %s\n' "$1"; }
fail() {
  printf 'check-pack: error: %s\n' "$1" >&2
  exit 1
}

step "pack"
cd "$root"
[ -f dist/src/index.js ] || fail "dist/ is missing; run npm run build first"
tarball="$work/$(npm pack --silent --ignore-scripts --pack-destination "$work" | tail -n 1)"
contents="$(tar -tzf "$tarball")"
for wanted in LICENSE README.md package.json bin/zenoflow.js dist/src/index.js dist/src/index.d.ts \
  dist/src/figures/fonts/LiberationSans-Regular.ttf dist/src/figures/fonts/LICENSE; do
  grep -qx "package/$wanted" <<<"$contents" || fail "$wanted is missing in the package"
done
if grep -E '^package/(src|kernels|test|node_modules|scripts)/' <<<"$contents" |
  grep -v '^package/scripts/tensorflow/'; then
  fail "the files above do not belong in the package"
fi
step "$(wc -l <<<"$contents") files, $(du -k "$tarball" | cut -f1) kB"

step "install into an empty project"
mkdir "$work/consumer"
cd "$work/consumer"
npm init -y >/dev/null
npm pkg set type=module >/dev/null
npm install --silent --no-audit --no-fund --prefer-offline "$tarball"

step "plain Node"
cp "$root/scripts/consumer/plain.mjs" .
node plain.mjs

step "command line"
npx --no-install zenoflow --help >help.txt
grep -q "zenoflow" help.txt || fail "zenoflow --help does not name itself"
npx --no-install zenoflow-setup-tensorflow --help >setup.txt || fail "zenoflow-setup-tensorflow does not start"
npx --no-install zenoflow doctor --json >doctor.json || fail "zenoflow doctor --json failed"
node -e 'JSON.parse(require("fs").readFileSync("doctor.json", "utf8"))' ||
  fail "zenoflow doctor --json does not print one JSON document"

step "strict TypeScript"
cp "$root/scripts/consumer/strict.ts" "$root/scripts/consumer/tsconfig.json" .
mkdir -p node_modules/@types
ln -s "$root/node_modules/@types/node" node_modules/@types/node
ln -s "$root/node_modules/undici-types" node_modules/undici-types 2>/dev/null || true
tsc="$root/node_modules/.bin/tsc"
"$tsc" -p .

# The typings of tfjs contradict lib.dom, so a full check of all declarations is never clean: ours must be.
"$tsc" -p . --skipLibCheck false --pretty false >declarations.txt || true
if grep '^node_modules/zenoflow/' declarations.txt; then
  fail "the errors above are in the package's own declarations"
fi
step "all right"
