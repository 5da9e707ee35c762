// Loads the optional packages that draw figures, or says how to install them. Knows no figure.

import { BackendError } from "../errors.js";

/** The versions figures are tested with; the package lists the same as optional dependencies. */
export const FIGURE_PACKAGES: Readonly<Record<string, string>> = {
  vega: "6.4.0",
  "vega-lite": "6.4.3",
  "@resvg/resvg-js": "2.6.2",
};

/**
 * Awaits the import of an optional package.
 * @param caller - the public function that needs it, for the message
 * @param name - package name
 * @param load - `() => import(name)`, written out by the caller so that bundlers see it
 * @throws BackendError with the command that installs all packages figures need
 */
export async function optionalPackage<T>(
  caller: string,
  name: string,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load();
  } catch (cause) {
    throw new BackendError(
      `${caller}: package ${name} must be installed, but could not be loaded. Run \`${installCommand()}\`.`,
      { cause },
    );
  }
}

function installCommand(): string {
  const wanted = Object.entries(FIGURE_PACKAGES).map(([name, version]) => `${name}@${version}`);
  return `npm install ${wanted.join(" ")}`;
}
