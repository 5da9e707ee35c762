// The project's Markdown files for the tests of this folder: which there are, their links and code blocks.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** A fenced block of code. */
export type Block = {
  readonly file: string;
  /** Line of the fence, from 1. */
  readonly line: number;
  /** What stands behind the fence, for example `ts no-run`. */
  readonly info: string;
  readonly text: string;
};

const FOLDERS = ["docs", "src", "kernels", "benchmarks", "examples"];

/** Paths of all Markdown files that people read, from the root; not the generated API pages. */
export function markdownFiles(): string[] {
  const below = FOLDERS.filter((folder) => existsSync(folder)).flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((f) => path.join(folder, f)),
  );
  return [...readdirSync("."), ...below]
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => file.endsWith(".md") && !file.startsWith("docs/api/"))
    .sort();
}

/** The fenced blocks of a Markdown text. */
export function blocksOf(file: string, markdown: string): Block[] {
  const fences = markdown.matchAll(/^```(.*)\n([\s\S]*?)^```$/gm);
  return [...fences].map((match) => ({
    file,
    line: markdown.slice(0, match.index).split("\n").length,
    info: match[1]!.trim(),
    text: match[2]!,
  }));
}

/** Targets of the links and pictures of a Markdown file that point into the project. */
export function localLinks(file: string): string[] {
  const prose = readFileSync(file, "utf8").replaceAll(/^```[\s\S]*?^```$|`[^`\n]*`/gm, "");
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => match[1]!)
    .filter((target) => !/^[a-z]+:/.test(target));
}
