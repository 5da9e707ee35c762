// What a page has to be told: everything first, then only the parts that changed. Knows neither sweeps nor sockets.

import { toJson } from "../../runs/json.js";

/** One event of a stream. */
export type FeedEvent = { readonly id: string; readonly name: string; readonly data: string };

/** Parts by name, in the form they are sent. */
export type Feed = {
  /** Takes the present parts; the event where any of them changed. */
  update(parts: Readonly<Record<string, unknown>>): FeedEvent | undefined;
  /**
   * What a page needs to be up to date: the events after the last one it saw, or everything.
   *
   * @param last - id of the last event it saw
   */
  since(last?: string): readonly FeedEvent[];
};

const MOST_KEPT = 256;

function objectOf(parts: ReadonlyMap<string, string>): string {
  return `{${[...parts].map(([name, json]) => `${JSON.stringify(name)}:${json}`).join(",")}}`;
}

/** An empty feed; ids begin with `instance`, so that those of an earlier server mean nothing here. */
export function createFeed(instance: string): Feed {
  const present = new Map<string, string>();
  const kept: FeedEvent[] = [];
  let count = 0;
  const idOf = (k: number): string => `${instance}-${String(k)}`;
  return {
    update(parts) {
      const changed = new Map<string, string>();
      for (const [name, value] of Object.entries(parts)) {
        const json = toJson(value);
        if (present.get(name) === json) continue;
        present.set(name, json);
        changed.set(name, json);
      }
      if (changed.size === 0) return undefined;
      const event = { id: idOf(++count), name: "delta", data: objectOf(changed) };
      kept.push(event);
      if (kept.length > MOST_KEPT) kept.shift();
      return event;
    },
    since(last) {
      if (last === idOf(count)) return [];
      const at = kept.findIndex(({ id }) => id === last);
      if (at >= 0) return kept.slice(at + 1);
      return [{ id: idOf(count), name: "snapshot", data: objectOf(present) }];
    },
  };
}
