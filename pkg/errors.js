/** The one error type of the package, and how foreign failures become it. */

/** @typedef {import("./types.js").Message["params"]} Params */

/** An error with a code for programs and a sentence for people. */
export class RegularsError extends Error {
  /**
   * @param {string} code
   * @param {Params} [params]
   * @param {ErrorOptions} [options]
   */
  constructor(code, params = {}, options) {
    super(code, options);
    this.name = "RegularsError";
    /** @type {string} */
    this.code = code;
    /** @type {Params} */
    this.params = params;
    /** @type {import("./types.js").Question[] | undefined} */
    this.questions = undefined;
    /** @type {import("./types.js").Found[] | undefined} */
    this.found = undefined;
  }
}

/** The engine trapped or ran out of memory: it must be replaced. Never reaches the caller. */
export class EngineCrash extends Error {
  /**
   * @param {"engine-failed" | "out-of-memory"} code
   * @param {string} reason what the browser said, for the console
   */
  constructor(code, reason) {
    super(reason);
    this.name = "EngineCrash";
    this.code = code;
  }
}

/** The running call was cancelled. Never reaches the caller, who has had an AbortError already. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

/**
 * The code and the parameters of an error that the engine threw on purpose;
 * null for a trap, a stale instance or anything else that was not meant.
 *
 * @param {unknown} thrown
 * @returns {RegularsError | null}
 */
export function spoken(thrown) {
  if (thrown instanceof RegularsError) return thrown;
  if (typeof thrown !== "object" || thrown === null) return null;
  const { code, params, questions } =
    /** @type {{ code?: unknown, params?: unknown, questions?: any }} */ (thrown);
  if (typeof code !== "string" || typeof params !== "object" || params === null) return null;
  return Object.assign(new RegularsError(code, /** @type {Params} */ (params)), { questions });
}

/**
 * What an aborted call is rejected with: the signal's own reason, an AbortError by default.
 *
 * @param {AbortSignal} signal
 * @returns {unknown}
 */
export function abortReason(signal) {
  return signal.reason ?? new DOMException("The call was aborted.", "AbortError");
}
