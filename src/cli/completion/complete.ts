// The hidden `__complete`: the words that can stand at a place of the command line. Loads neither schema nor tensors.

import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { Io } from "../io.js";
import { joinVerb } from "../two-words.js";
import { completionKeys, type ModelWords } from "./keys.js";

type Place = {
  readonly program: Command;
  readonly io: Io;
  /** Words before the one to complete. */
  readonly before: readonly string[];
  readonly word: string;
};

const NO_WORDS: ModelWords = { presets: [], keys: {} };

function verbs(program: Command): readonly string[] {
  return [...new Set(program.commands.map((command) => command.name().split(" ")[0]!)), "help"];
}

function flags(command: Command | undefined, program: Command): readonly string[] {
  const options = [...(command?.options ?? []), ...program.options];
  return [...options.map(({ long }) => long), "--help"].filter((flag) => typeof flag === "string");
}

function choicesOf(flag: string, place: Place, command: Command | undefined): readonly string[] {
  if (flag === "--preset") return modelWords(place).presets;
  if (flag === "--backend") return ["auto", "wasm", "webgpu", "tensorflow", "cpu"];
  const options = [...(command?.options ?? []), ...place.program.options];
  return options.find(({ long, short }) => long === flag || short === flag)?.argChoices ?? [];
}

function modelWords({ before, io }: Place): ModelWords {
  const name = before.find((word) => Object.hasOwn(io.models, word));
  return (name === undefined ? undefined : completionKeys[name]) ?? NO_WORDS;
}

// After `key=` the values a key allows, else the keys.
function assignments(place: Place): readonly string[] {
  const { keys } = modelWords(place);
  const at = place.word.indexOf("=");
  if (at < 0) return Object.keys(keys).map((key) => `${key}=`);
  const key = place.word.slice(0, at);
  return (keys[key] ?? []).map((value) => `${key}=${value}`);
}

function runs({ io }: Place): readonly string[] {
  const root = io.env["ZENOFLOW_RUNS"] ?? "runs";
  const folder = resolve(io.cwd, root);
  if (!existsSync(folder)) return ["latest"];
  const names = readdirSync(folder).filter((name) =>
    existsSync(join(folder, name, "manifest.json")),
  );
  return [
    "latest",
    ...names
      .sort()
      .reverse()
      .map((name) => join(root, name)),
  ];
}

function sweeps({ io }: Place): readonly string[] {
  const root = io.env["ZENOFLOW_RUNS"] ?? "runs";
  const folder = resolve(io.cwd, root);
  if (!existsSync(folder)) return ["latest"];
  const names = readdirSync(folder).filter((name) =>
    existsSync(join(folder, name, "study.lock.json")),
  );
  return ["latest", ...names.sort().map((name) => join(root, name))];
}

/** Files of the working folder that may be studies. */
function studies({ io }: Place): readonly string[] {
  return readdirSync(io.cwd)
    .filter((name) => /\.(ya?ml|json)$/.test(name))
    .sort();
}

/** The second words of verbs of two words. */
function secondWords(first: string, program: Command): readonly string[] {
  const pairs = program.commands.map((command) => command.name().split(" "));
  return pairs.flatMap(([own, second]) => (own === first && second !== undefined ? [second] : []));
}

function positionals(place: Place, command: Command): readonly string[] {
  const name = command.name();
  const isFirst = place.before.filter((word) => !word.startsWith("-")).length === 1;
  if (name === "train" || name === "config")
    return isFirst ? Object.keys(place.io.models) : assignments(place);
  if (name === "sweep") return isFirst ? studies(place) : [];
  if (["status", "watch", "prune", "verify", "gc", "serve", "worker"].includes(name))
    return isFirst ? sweeps(place) : [];
  if (["plot", "export"].includes(name) && !isFirst) return sweeps(place);
  if (["sample", "evaluate", "report"].includes(name)) {
    const more = name === "report" ? sweeps(place).slice(1) : secondWords(name, place.program);
    return isFirst ? [...runs(place), ...more] : [];
  }
  const at = place.before.filter((word) => !word.startsWith("-")).length - 1;
  return command.registeredArguments[at]?.argChoices ?? [];
}

function candidates(place: Place): readonly string[] {
  const { program, word } = place;
  const before = joinVerb(place.before);
  const [verb] = before;
  if (verb === undefined) return word.startsWith("-") ? flags(undefined, program) : verbs(program);
  if (verb === "help") return verbs(program);
  const command = program.commands.find((c) => c.name() === verb || c.aliases().includes(verb));
  const last = before.at(-1) ?? "";
  const listed = last.startsWith("-") ? choicesOf(last, place, command) : [];
  if (listed.length > 0) return listed;
  if (word.startsWith("-")) return flags(command, program);
  return command === undefined ? [] : positionals(place, command);
}

/**
 * The words that complete `words[index]`.
 *
 * @param args - index of the word to complete, then the words behind `zenoflow`
 */
export function complete(args: readonly string[], program: Command, io: Io): readonly string[] {
  const [index = "0", ...words] = args;
  const at = Number(index);
  const word = words[at] ?? "";
  const found = candidates({ program, io, before: words.slice(0, at), word });
  return found.filter((candidate) => candidate.startsWith(word));
}
