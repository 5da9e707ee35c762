// The pictures of a folder in a fixed order, with classes and splits where sub-folders say them. Opens no picture. Node only.

import { readdirSync, realpathSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { DataError } from "../../errors.js";

/** One picture of a folder. */
export type ListedImage = {
  /** Path from the folder on, with "/" on every system. */
  readonly path: string;
  readonly split: "train" | "test" | null;
  /** Name of the class, null where there are none. */
  readonly className: string | null;
};

/** What a folder holds. */
export type ImageList = {
  readonly images: readonly ListedImage[];
  /** Names of the classes, sorted; null where sub-folders name none. */
  readonly classNames: readonly string[] | null;
  /** Files that are no pictures by their names, hidden ones aside. */
  readonly others: number;
};

const PICTURE = /\.(?:png|jpe?g)$/i;

/** Names of sub-folders that are splits, where a folder has both. */
const SPLITS: Readonly<Record<string, "train" | "test">> = {
  ...{ train: "train", training: "train" },
  ...{ test: "test", val: "test", validation: "test" },
};

/**
 * Lists a folder and all its sub-folders, sorted by path. Sub-folders `train` and `test` (or `val`) are splits. The folders
 * next below are classes, if there are at least two and every picture lies in one.
 *
 * @throws DataError if the folder cannot be read or holds no picture
 */
export function listImages(folder: string): ImageList {
  const files = readable(folder, () => filesIn(folder, "", new Set()));
  const paths = files.filter((path) => PICTURE.test(path)).sort(byCode);
  const others = files.length - paths.length;
  if (paths.length === 0) {
    throw new DataError(
      `${folder}: must hold pictures (.png, .jpg, .jpeg), also in sub-folders, but holds ${
        others === 0 ? "no file" : `none among ${others} files`
      }.`,
    );
  }
  const splits = paths.map((path) => SPLITS[path.split("/")[0]!.toLowerCase()] ?? null);
  const areSplit =
    ["train", "test"].every((split) => splits.includes(split as "train")) && !splits.includes(null);
  const classes = paths.map((path) => classOf(path, areSplit ? 1 : 0));
  const names = [...new Set(classes)].sort((a, b) => byCode(a ?? "", b ?? ""));
  const classNames = names.length < 2 || names.includes(null) ? null : (names as string[]);
  const images = paths.map((path, i) => ({
    path,
    split: areSplit ? splits[i]! : null,
    className: classNames === null ? null : classes[i]!,
  }));
  return { images, classNames, others };
}

/** Errors of the system as those of the data: a sub-folder that may not be read is one. */
function readable<T>(folder: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `${folder}: must be readable with all its sub-folders, but is not: ${why}. Change the permissions, or move the sub-folder.`,
      { cause: error },
    );
  }
}

/** The sub-folder at a depth, null where the picture lies above. */
function classOf(path: string, depth: number): string | null {
  const parts = path.split("/");
  return parts.length > depth + 1 ? parts[depth]! : null;
}

/** The order of code units: the same on every machine and in every language. */
function byCode(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

// Links to folders are followed, each folder once, so that a link to a parent ends.
function filesIn(root: string, below: string, seen: Set<string>): string[] {
  const folder = join(root, below);
  const real = realpathSync(folder);
  if (seen.has(real)) return [];
  seen.add(real);
  const names = readdirSync(folder).filter((name) => !basename(name).startsWith("."));
  return names.flatMap((name) => {
    const path = below === "" ? name : `${below}/${name}`;
    const entry = statSync(join(root, path), { throwIfNoEntry: false });
    if (entry?.isDirectory()) return filesIn(root, path, seen);
    // A link that leads nowhere is listed, and then reported as unreadable if its name is a picture's. Reading a pipe or a
    // device might never end.
    return entry === undefined || entry.isFile() ? [path] : [];
  });
}
