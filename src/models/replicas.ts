// Settings of a configuration that its replicas may have each for itself: how a schema states them, which of them a
// configuration has, and the configuration of some replicas alone. Loads no tensors.

import * as z from "zod";
import type { PerReplica } from "../learning/per-replica.js";

/** Largest seed of a replica. */
export const MAX_SEED: number = 2 ** 31 - 1;

/** Most replicas of a population. */
export const MAX_REPLICAS = 4096;

/** A configuration with the settings of one replica: numbers where there may be lists of one for each. */
export type OfOne<T> = number extends T
  ? Exclude<T, readonly number[]>
  : T extends readonly unknown[]
    ? T
    : T extends object
      ? { readonly [K in keyof T]: OfOne<T[K]> }
      : T;

/** What every configuration of a population has. */
export type PopulationConfig = { readonly seed: PerReplica; readonly replicas: number };

/**
 * A setting that changes neither a shape nor a graph nor a code path: one for all replicas, or a list of one for each.
 * Sweeps train its values together in one population.
 */
export function dynamic<T>(one: z.ZodType<T>): z.ZodType<T | readonly T[]> {
  const error = ({ code }: { readonly code: string }): string | undefined =>
    code === "invalid_union" ? "must be one number, or a list of one for each replica" : undefined;
  return z.union([one, z.array(one).min(1)], { error }).meta({ sweep: "dynamic" });
}

/** The same where null stands for something else: for none, or for what another setting implies. */
export function dynamicOrNull<T>(one: z.ZodType<T>): z.ZodType<T | readonly T[] | null> {
  return dynamic(one).nullable().meta({ sweep: "dynamic" });
}

/** The schema of the field `seed`. */
export function seedSchema(): z.ZodDefault<z.ZodType<PerReplica>> {
  return dynamic(z.int().min(0).max(MAX_SEED))
    .default(1)
    .describe("replica p uses seed + p for everything random; a list gives each its own seed");
}

/** The schema of a seed that all replicas share. */
export function sharedSeedSchema(use: string): z.ZodDefault<z.ZodInt> {
  return z
    .int()
    .min(0)
    .max(MAX_SEED)
    .default(0)
    .describe(`seed of what all replicas share: ${use}`);
}

/** The schema of the field `replicas`. */
export function replicasSchema(count: number, what: string): z.ZodDefault<z.ZodInt> {
  return z.int().min(1).max(MAX_REPLICAS).default(count).describe(what);
}

type Node = { readonly sweep?: unknown; readonly properties?: Readonly<Record<string, Node>> };

const known = new WeakMap<z.ZodType, readonly string[]>();

/** Dotted keys of the settings that a schema marks with `sweep: "dynamic"`, its seeds among them. */
export function dynamicKeys(schema: z.ZodType): readonly string[] {
  const found = known.get(schema);
  if (found !== undefined) return found;
  const walk = ({ sweep, properties = {} }: Node, path: readonly string[]): string[] => [
    ...(sweep === "dynamic" ? [path.join(".")] : []),
    ...Object.entries(properties).flatMap(([key, child]) => walk(child, [...path, key])),
  ];
  const keys = walk(z.toJSONSchema(schema, { io: "input", unrepresentable: "any" }) as Node, []);
  known.set(schema, keys);
  return keys;
}

/** What is wrong with a value of a configuration. */
export type Fault = { readonly path: string[]; readonly message: string };

/** The fault of the value at a dotted key, if a condition does not hold. */
export function faultUnless(holds: boolean, key: string, message: string): Fault[] {
  return holds ? [] : [{ path: key.split("."), message }];
}

/**
 * The schema of a population's configuration, which also refuses what single settings cannot show.
 *
 * @param fields - the settings, each for itself
 * @param faultsOf - which of them do not go together, beside what no population may have
 */
export function populationSchema<Config extends PopulationConfig>(
  fields: z.ZodType<Config>,
  faultsOf: (config: Config) => readonly Fault[],
): z.ZodType<Config> {
  return fields.superRefine((config, { addIssue }) => {
    for (const fault of [...populationFaults(fields, config), ...faultsOf(config)])
      addIssue({ code: "custom", ...fault });
  });
}

/** Seeds beyond the largest one, and lists that do not have one entry for each replica. */
function populationFaults(schema: z.ZodType, config: PopulationConfig): Fault[] {
  const { seed, replicas } = config;
  const last = MAX_SEED - replicas + 1;
  const room = `must be ≤ ${String(last)} with ${String(replicas)} replicas, got ${String(seed)}`;
  const lists = dynamicKeys(schema).flatMap((key): Fault[] => {
    const value = at(config, key);
    if (!Array.isArray(value)) return [];
    const message = `must be one number or a list of one for each of the ${String(replicas)} replicas, got a list of ${String(value.length)}`;
    return faultUnless(value.length === replicas, key, message);
  });
  return [...faultUnless(typeof seed !== "number" || seed <= last, "seed", room), ...lists];
}

/**
 * The configuration of some replicas of a population, in this order: for the snapshot that `selectReplicas` gives.
 *
 * @param schema - of the configuration
 * @param indices - replicas from 0
 */
export function selectConfig<Config extends PopulationConfig>(
  schema: z.ZodType<Config>,
  config: Config,
  indices: readonly number[],
): Config {
  const own = mapLists(schema, config, (list) => indices.map((p) => list[p]));
  const seed = indices.map((p) => seedOf(config, p));
  return { ...own, seed, replicas: indices.length };
}

/** The configuration of replica p, as if it were trained alone. */
export function configOfOne<Config extends PopulationConfig>(
  schema: z.ZodType<Config>,
  config: Config,
  p: number,
): OfOne<Config> {
  const own = mapLists(schema, config, (list) => list[p]);
  return { ...own, seed: seedOf(config, p), replicas: 1 } as OfOne<Config>;
}

/** A sentence on what replicas have each for itself, beside seeds, with the values of replica p. */
export function ownSettings<Config extends PopulationConfig>(
  schema: z.ZodType<Config>,
  config: Config,
  p: number,
): string[] {
  const keys = dynamicKeys(schema).filter((key) => Array.isArray(at(config, key)));
  const own = keys
    .filter((key) => key !== "seed")
    .map((key) => {
      const values = at(config, key) as readonly unknown[];
      return `${key} (${String(values[p])})`;
    });
  if (own.length === 0) return [];
  return [`Each replica has its own ${own.join(", ")}; in brackets that of replica ${String(p)}.`];
}

/** The seed of replica p. */
export function seedOf({ seed }: PopulationConfig, p: number): number {
  return typeof seed === "number" ? seed + p : seed[p]!;
}

type Section = Readonly<Record<string, unknown>>;

function at(config: object, key: string): unknown {
  return key.split(".").reduce<unknown>((part, name) => (part as Section)[name], config);
}

/** The configuration with f of every list of one setting a replica. */
function mapLists<Config extends object>(
  schema: z.ZodType,
  config: Config,
  f: (list: readonly unknown[]) => unknown,
): Config {
  const replace = (section: Section, [name, ...rest]: readonly string[]): Section => {
    const value = section[name!];
    if (rest.length > 0) return { ...section, [name!]: replace(value as Section, rest) };
    return Array.isArray(value) ? { ...section, [name!]: f(value as unknown[]) } : section;
  };
  const keys = dynamicKeys(schema).filter((key) => key !== "seed");
  return keys.reduce<Section>(
    (own, key) => replace(own, key.split(".")),
    config as Section,
  ) as Config;
}
