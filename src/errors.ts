// The error classes of the public surface. Every message has the form
// "function: argument `x` must …, but …. Hint." and is raised at the public door only.

/** A tensor or array has the wrong shape. */
export class ShapeError extends Error {
  override readonly name = "ShapeError";
}

/** An argument or configuration value is not allowed. */
export class ArgumentError extends Error {
  override readonly name = "ArgumentError";
}

/** A backend, or a part of it, is missing or does not work on this machine. */
export class BackendError extends Error {
  override readonly name = "BackendError";
}

/** A numerical problem has no (unique) answer, or an iteration did not reach its tolerance. */
export class ConvergenceError extends Error {
  override readonly name = "ConvergenceError";
  /** The step of a training at which nothing was finite any more. */
  readonly step: number | undefined;

  constructor(message?: string, options: ErrorOptions & { readonly step?: number } = {}) {
    super(message, options);
    this.step = options.step;
  }
}

/** A file or data set is missing, malformed or unusable. */
export class DataError extends Error {
  override readonly name = "DataError";
}
