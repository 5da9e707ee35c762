// What a tool can hold of the style (CONTRIBUTING.md): types, promises, layer direction, reads, docs, form.
// Layout of code is Prettier's business, not ESLint's.

import { defineConfig, globalIgnores } from "eslint/config";
import globals from "globals";
import jsdoc from "eslint-plugin-jsdoc";
import tseslint from "typescript-eslint";
import { fileName, openingComment } from "./scripts/lint/form.mjs";
import { layers, NODE_LAZY, NODE_ONLY } from "./scripts/lint/layers.mjs";

const zeno = { rules: { layers, "opening-comment": openingComment, "file-name": fileName } };

const LIBRARY = ["src/**/*.ts", "kernels/**/*.ts"];
const core = {
  eqeqeq: "error",
  "no-alert": "error",
  "no-self-compare": "error",
  "no-unreachable-loop": "error",
  "no-template-curly-in-string": "error",
  "no-warning-comments": ["error", { terms: ["todo", "fixme", "xxx"], location: "anywhere" }],
  "no-var": "error",
  "object-shorthand": "error",
  "prefer-const": "error",
  "id-match": ["error", "^[A-Za-z0-9_$]+$", { properties: true }],
  "max-lines": ["error", { max: 400, skipBlankLines: true, skipComments: true }],
  "zeno/opening-comment": "error",
  "zeno/file-name": "error",
};

const typed = {
  "@typescript-eslint/consistent-type-definitions": ["error", "type"],
  "@typescript-eslint/consistent-type-imports": [
    "error",
    { fixStyle: "inline-type-imports", disallowTypeAnnotations: false },
  ],
  "@typescript-eslint/naming-convention": [
    "error",
    { selector: "typeLike", format: ["PascalCase"] },
  ],
  "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
  "@typescript-eslint/no-floating-promises": "error",
  // Loops over typed arrays index inside their bounds; `!` says so without hiding a NaN behind `?? 0`.
  "@typescript-eslint/no-non-null-assertion": "off",
  "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
  "@typescript-eslint/no-unnecessary-condition": [
    "error",
    { allowConstantLoopConditions: "only-allowed-literals" },
  ],
  "@typescript-eslint/no-unused-vars": [
    "error",
    { argsIgnorePattern: "^_", varsIgnorePattern: "^_", destructuredArrayIgnorePattern: "^_" },
  ],
  "@typescript-eslint/restrict-template-expressions": [
    "error",
    { allowNumber: true, allowBoolean: true, allowNever: true },
  ],
  // Objects here are records of free functions: nothing uses `this`, and taking them apart is usual.
  "@typescript-eslint/unbound-method": "off",
  "@typescript-eslint/switch-exhaustiveness-check": [
    "error",
    { considerDefaultExhaustiveForUnions: true },
  ],
};

const ASYNC_READ = "Read tensors with `await t.data()`; only kernels/runtime/host reads at once.";
const RANDOM = "Use the addressable streams of src/random.ts: the same bits on every backend.";
const SYNC_READS = [
  { property: "dataSync", message: ASYNC_READ },
  { property: "arraySync", message: ASYNC_READ },
  { property: "bufferSync", message: ASYNC_READ },
];
const UNSAFE = [
  { object: "Math", property: "random", message: RANDOM },
  ...["randomUniform", "randomNormal", "truncatedNormal", "randomGamma", "multinomial", "rand"].map(
    (property) => ({ object: "tf", property, message: RANDOM }),
  ),
  ...["complex", "real", "imag", "einsum"].map((property) => ({
    object: "tf",
    property,
    message: "Has no gradient: complex numbers are pairs { re, im } of float32 tensors.",
  })),
];
const READ_SYNC = { property: "readSync", message: ASYNC_READ };

const OPTIONAL = {
  group: ["@tensorflow/tfjs-node*", "webgpu", "vega", "vega-lite", "@resvg/*", "bullmq", "ioredis"],
  message: "Optional: load it with `await import()` where it is used.",
  allowTypeImports: true,
};
const DEEP = {
  group: ["@tensorflow/*/*", "@tensorflow/tfjs-core"],
  message:
    "Import @tensorflow/tfjs: its parts alone register no gradients, deep paths do not load.",
  allowTypeImports: true,
};
const HEAVY = {
  group: ["@tensorflow/*"],
  message: "The command line computes nothing itself: load a model or engine inside the verb.",
  allowTypeImports: true,
};

const packages = (...patterns) => ({
  "@typescript-eslint/no-restricted-imports": ["error", { patterns }],
});

const documented = {
  "jsdoc/require-jsdoc": [
    "error",
    {
      publicOnly: { esm: true, cjs: false, window: false },
      enableFixer: false,
      require: { ClassDeclaration: true, FunctionDeclaration: true },
      contexts: [
        "TSTypeAliasDeclaration",
        "TSInterfaceDeclaration",
        "ExportNamedDeclaration > VariableDeclaration",
      ],
    },
  ],
  "jsdoc/require-description": ["error", { contexts: ["any"] }],
  "jsdoc/check-alignment": "error",
  "jsdoc/check-param-names": [
    "error",
    { checkDestructured: false, disableMissingParamChecks: true },
  ],
  "jsdoc/check-tag-names": ["error", { typed: true }],
  "jsdoc/empty-tags": "error",
  "jsdoc/no-bad-blocks": ["error", { ignore: ["vite-ignore"] }],
  "jsdoc/no-blank-blocks": "error",
  "jsdoc/no-types": "error",
  "jsdoc/require-hyphen-before-param-description": ["error", "always"],
  "jsdoc/require-param-description": "error",
  "jsdoc/require-returns-description": "error",
  "jsdoc/sort-tags": [
    "error",
    { tagSequence: [{ tags: ["param", "returns", "throws", "remarks", "example", "see"] }] },
  ],
};

export default defineConfig(
  globalIgnores([
    "dist/",
    "docs/api/",
    "coverage/",
    "runs/",
    "scripts/consumer/",
    "examples/browser/site/",
    "**/*.as.ts",
    "**/*.generated.ts",
  ]),
  { linterOptions: { reportUnusedDisableDirectives: "error" } },
  {
    files: ["**/*.{js,mjs,ts}"],
    plugins: { zeno },
    rules: core,
  },
  {
    files: ["**/*.{js,mjs}"],
    languageOptions: { globals: globals.node },
    rules: { "no-undef": "error", "no-unused-vars": "error" },
  },
  {
    files: ["examples/browser/*.js"],
    languageOptions: { globals: globals.browser },
  },
  {
    files: ["**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    rules: typed,
  },
  {
    files: LIBRARY,
    plugins: { jsdoc },
    settings: { jsdoc: { mode: "typescript" } },
    rules: {
      ...documented,
      ...packages(OPTIONAL, DEEP),
      "zeno/layers": "error",
      "max-lines-per-function": ["error", { max: 80, skipBlankLines: true, skipComments: true }],
      "no-console": "error",
      "no-restricted-globals": [
        "error",
        ...["process", "Buffer", "require", "__dirname", "__filename"].map((name) => ({
          name,
          message: "This file runs in browsers; Node belongs in runs, sweeps, cli and data files.",
        })),
      ],
      "no-restricted-properties": ["error", ...SYNC_READS, READ_SYNC, ...UNSAFE],
    },
  },
  {
    files: ["kernels/**/*.ts"],
    rules: {
      "no-restricted-syntax": [
        "error",
        {
          selector: "Property[key.name='outputsToSave']",
          message: "A saved output loses its derivative: save inputs and compute it again.",
        },
      ],
    },
  },
  {
    files: ["kernels/runtime/host/**/*.ts"],
    rules: { "no-restricted-properties": ["error", ...UNSAFE] },
  },
  {
    files: NODE_LAZY,
    rules: { "no-restricted-globals": "off" },
  },
  {
    files: NODE_ONLY,
    rules: {
      "no-restricted-globals": "off",
      "no-restricted-properties": ["error", ...SYNC_READS, ...UNSAFE],
    },
  },
  {
    files: ["src/cli/**/*.ts"],
    rules: packages(OPTIONAL, DEEP, HEAVY),
  },
  {
    files: ["test/**/*.ts"],
    rules: {
      "@typescript-eslint/no-unused-expressions": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/require-await": "off",
      "max-lines": "off",
    },
  },
);
