// `zenoflow config`: a configuration as a file to start from, with origins, as a schema, or its presets.

import { renderResolved, renderTemplate, scalar } from "./config/render.js";
import { resolveConfig, type Resolved } from "./config/resolve.js";
import { flagAssignment } from "./config/value.js";
import type { Context } from "./context.js";
import { EXIT } from "./exit-codes.js";
import { flatten } from "../runs/identity.js";

/** The flags of `config`. */
export type ConfigOptions = {
  readonly preset?: string;
  readonly resolved: boolean;
  readonly schema: boolean;
  readonly presets: boolean;
  readonly strict: boolean;
};

function schemaDocument(resolved: Resolved): Record<string, unknown> {
  const title = `Configuration of zenoflow train ${resolved.task}`;
  const $schema = "https://json-schema.org/draft/2020-12/schema";
  return { $schema, title, ...resolved.tree, additionalProperties: false };
}

function presetText(name: string, values: unknown): string {
  const lines = [...flatten(values)].filter(([key]) => key !== "");
  const body = lines.map(([key, value]) => `  ${key}: ${scalar(value)}\n`).join("");
  return `${name}:${body === "" ? " the schema's defaults" : ""}\n${body}`;
}

function originsDocument(resolved: Resolved): Record<string, unknown> {
  const keys = [...flatten(resolved.config).keys()];
  return {
    schema: "zenoflow.config/1",
    task: resolved.task,
    settings: resolved.settings,
    config: resolved.config,
    origins: Object.fromEntries(keys.map((key) => [key, resolved.origin(key)])),
  };
}

async function print(resolved: Resolved, options: ConfigOptions, context: Context): Promise<void> {
  const { terminal } = context;
  const { json } = terminal.options;
  if (options.schema) await terminal.out(`${JSON.stringify(schemaDocument(resolved), null, 2)}\n`);
  else if (options.presets) {
    const { presets } = resolved;
    if (json) await terminal.json({ schema: "zenoflow.presets/1", presets });
    else
      for (const [name, values] of Object.entries(presets))
        await terminal.out(presetText(name, values));
  } else if (json) await terminal.json(originsDocument(resolved));
  else await terminal.out(options.resolved ? renderResolved(resolved) : renderTemplate(resolved));
}

/** Runs `zenoflow config`; resolves with the exit code. */
export async function showConfig(
  args: readonly string[],
  options: ConfigOptions,
  context: Context,
): Promise<number> {
  const flags = options.preset === undefined ? [] : [flagAssignment("preset", options.preset)];
  const resolved = await resolveConfig({ args, flags, strict: options.strict }, context);
  await print(resolved, options, context);
  return EXIT.done;
}
