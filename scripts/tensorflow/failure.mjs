// The failure that the set-up explains to its user, as against a fault of the set-up itself.

/** A failure with a message in the user's words, the way out included. */
export class Failure extends Error {}

/** Prints a line of progress. */
export function say(message) {
  process.stdout.write(`setup: ${message}\n`);
}
