// Addresses of Redis: the usual one, and how one is shown. Loads nothing.

/** Where Redis is looked for without a word. */
export const DEFAULT_REDIS = "redis://127.0.0.1:6379";

/** The address without its password; any other text as it is. */
export function shownAddress(address: string): string {
  return address.replace(/(\w+:\/\/[^:@/\s]*):[^@\s]*@/, "$1:***@");
}
