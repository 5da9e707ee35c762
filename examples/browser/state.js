// The settings of the page and their place in its address. Knows neither page nor training.

/** What is trained unless the address says otherwise. */
export const DEFAULTS = { backend: "wasm", preset: "robust", replicas: 8, steps: 4000, seed: 1 };

/**
 * Reads settings from the part of an address behind `#`; what is missing or no number is the default's.
 * `software` asks for an emulated device behind webgpu, for tests.
 */
export function fromFragment(fragment) {
  const given = new URLSearchParams(fragment.replace(/^#/, ""));
  const entries = Object.entries(DEFAULTS).map(([name, usual]) => {
    const text = given.get(name);
    if (typeof usual === "string") return [name, text ?? usual];
    return [name, text !== null && /^\d+$/.test(text) ? Number(text) : usual];
  });
  return { ...Object.fromEntries(entries), software: given.get("software") === "1" };
}

/** Settings as the part of an address behind `#`. */
export function toFragment({ software, ...settings }) {
  return `#${new URLSearchParams({ ...settings, ...(software && { software: "1" }) }).toString()}`;
}
