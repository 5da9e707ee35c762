// The JSON Schema of study files, with which editors complete and check them while they are written.

import { z } from "zod";
import { schemaTree } from "../../settings/schema-tree.js";
import { editorForm } from "./form.js";
import { OWN_KEYS, variableKeys, type TaskSettings } from "./tasks.js";

type Json = Readonly<Record<string, unknown>>;

// Groups may also be written as dotted keys, so that unknown keys at the top are no error here.
function configSchema({ schema }: Pick<TaskSettings, "schema">): Json {
  const { properties = {} } = schemaTree(schema);
  const own = Object.entries(properties).filter(([key]) => !Object.hasOwn(OWN_KEYS, key));
  return { type: "object", properties: Object.fromEntries(own) };
}

function taskRule([task, settings]: readonly [
  string,
  Pick<TaskSettings, "schema" | "presets">,
]): Json {
  const names = variableKeys(schemaTree(settings.schema));
  return {
    if: { properties: { task: { const: task } }, required: ["task"] },
    then: {
      properties: {
        preset: { enum: [...Object.keys(settings.presets), null] },
        config: configSchema(settings),
        parameters: { propertyNames: { enum: names } },
      },
    },
  };
}

/**
 * The schema of study files for editors: the form of the file, and for each task its keys and presets.
 *
 * @returns JSON Schema, draft 2020-12
 */
export function editorSchema(
  tasks: Readonly<Record<string, Pick<TaskSettings, "schema" | "presets">>>,
): Json {
  const form = z.toJSONSchema(editorForm, { io: "input" }) as {
    readonly properties: Readonly<Record<string, Json>>;
  };
  const file = { pattern: "^\\.{0,2}/|\\.[cm]?[jt]s$", description: "a module of your own" };
  const task = { ...form.properties["task"], anyOf: [{ enum: Object.keys(tasks) }, file] };
  return {
    ...form,
    title: "zenoflow study",
    properties: { ...form.properties, task },
    allOf: Object.entries(tasks).map(taskRule),
  };
}
