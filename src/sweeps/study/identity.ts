// What makes two studies the same, and what a changed study has changed.

import { sha256 } from "../../runs/files.js";
import { flatten } from "../../runs/identity.js";
import { canonicalJson } from "../../runs/json.js";
import type { Study, StudyIdentity } from "../types.js";

/** What changes numbers and does not stand in a study file. */
export type StudyFacts = {
  /** Version of the task's numerics: raised when the same configuration gives other numbers. */
  readonly numericsVersion: number;
  /** SHA-256 of each data file, by the path as written in the configuration. */
  readonly datasets: Readonly<Record<string, string>>;
};

/**
 * All that changes the numbers of a study, in the words of a study file. Not in it: name, trials, limits, and
 * where and how it runs. So a study can grow, and every backend continues it.
 */
export function hashedContent(study: Study): Readonly<Record<string, unknown>> {
  const { format, task, config, metrics, method, seed, replicates, budget, halving, ask } = study;
  // Where the method's module lies is no matter; what it says is.
  const method_ = ask && { sha256: ask.sha256, generation: ask.generation };
  return {
    format,
    // Nor where that of a task lies.
    task: study.module ?? task,
    config,
    parameters: study.parameters,
    metrics,
    method,
    seed,
    replicates,
    budget,
    early_terminate: halving,
    ...(method_ && { ask: method_ }),
  };
}

function littleEndian(hash: string, byte: number): number {
  return Buffer.from(hash.slice(2 * byte, 2 * byte + 8), "hex").readUInt32LE();
}

/**
 * The identity of canonical content: its SHA-256, and bytes 0-3 and 4-7 as little-endian words, the key of all
 * random numbers that decide about trials.
 *
 * @param content - JSON without NaN
 * @throws ArgumentError where a number is not finite
 */
export function identityOf(content: unknown): StudyIdentity {
  const hash = sha256(canonicalJson(content));
  return { hash, key: [littleEndian(hash, 0), littleEndian(hash, 4)] };
}

/** The identity of a study with these facts. */
export function studyIdentity(study: Study, facts: StudyFacts): StudyIdentity {
  const { numericsVersion, datasets } = facts;
  return identityOf({ ...hashedContent(study), numericsVersion, datasets });
}

function show(value: unknown): string {
  return value === undefined ? "not set" : JSON.stringify(value);
}

function lines(before: Map<string, unknown>, after: Map<string, unknown>): readonly string[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys
    .map((key) => [key, show(before.get(key)), show(after.get(key))] as const)
    .filter(([, a, b]) => a !== b)
    .map(([key, a, b]) => `${key}: ${a} → ${b}`);
}

function factLeaves({ numericsVersion, datasets }: StudyFacts): Map<string, unknown> {
  const contents = Object.entries(datasets).map(
    ([path, hash]) => [`contents of ${path}`, `sha256 ${hash.slice(0, 12)}…`] as const,
  );
  return new Map<string, unknown>([["numericsVersion", numericsVersion], ...contents]);
}

// Lists are leaves of `flatten`; the order of keys inside them must not count.
function canonicalLeaves(study: Study): Map<string, unknown> {
  const all = flatten(JSON.parse(canonicalJson(hashedContent(study))));
  const { module, task } = study;
  if (module === undefined) return all;
  all.delete("task.sha256");
  return all.set(`contents of ${task}`, `sha256 ${module.sha256.slice(0, 12)}…`);
}

/**
 * What makes two studies different, one line each: `parameters.train.lr.max: 0.1 → 0.2`. Empty where they have the
 * same identity. `facts` of both are compared where they are given.
 */
export function studyDifferences(
  before: Study,
  after: Study,
  facts?: { readonly before: StudyFacts; readonly after: StudyFacts },
): string[] {
  const studies = lines(canonicalLeaves(before), canonicalLeaves(after));
  if (facts === undefined) return [...studies];
  return [...studies, ...lines(factLeaves(facts.before), factLeaves(facts.after))];
}
