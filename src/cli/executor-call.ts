// How a supervisor calls this program as an executor. Loads nothing, so that every call can look for it.

/** The first argument of an executor's call. */
export const EXECUTOR = "__executor";
