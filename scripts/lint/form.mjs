// The form of a file as ESLint rules: how it opens and what it may be called. Not what it imports.

import path from "node:path";

/** A file opens with a `//` comment that says what lives in it and what does not. */
export const openingComment = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: { missing: "Open the file with a `//` sentence: what lives here and what does not." },
  },
  create: (context) => ({
    Program(node) {
      const first = context.sourceCode.getAllComments().find((c) => c.type !== "Shebang");
      const code = context.sourceCode.getFirstToken(node);
      const opens = first?.type === "Line" && (!code || first.range[0] < code.range[0]);
      const says = opens && !/^\s*(eslint|prettier|@ts)/.test(first.value);
      if (!says) context.report({ loc: { line: 1, column: 0 }, messageId: "missing" });
    },
  }),
};

const VAGUE = /(^|-)(util|utils|helper|helpers|manager|common|process|misc)(-|$)/;
const KEBAB = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** File and folder names are kebab-case nouns or verbs of the field. */
export const fileName = {
  meta: {
    type: "suggestion",
    schema: [],
    messages: {
      kebab: "File and folder names are kebab-case; `{{part}}` is not.",
      vague: "`{{part}}` says nothing about its content; name the thing it holds.",
    },
  },
  create: (context) => ({
    Program() {
      const parts = path.relative(context.cwd, context.filename).split(path.sep);
      for (const part of parts.map((p) => p.replace(/\..*$/, "")).filter(Boolean)) {
        const messageId = VAGUE.test(part) ? "vague" : KEBAB.test(part) ? null : "kebab";
        if (messageId) context.report({ loc: { line: 1, column: 0 }, messageId, data: { part } });
      }
    },
  }),
};
