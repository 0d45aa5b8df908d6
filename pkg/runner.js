/** Runs one call of the engine after another, each in slices, wherever the engine lives. */

import { Cancelled, EngineCrash, spoken } from "./errors.js";
import { Pace } from "./pace.js";
import { pieces } from "./sources.js";

/**
 * The engine as the crate exports it.
 *
 * @typedef {object} Engine
 * @property {(call: string, args: object) => void} start
 * @property {(bytes: Uint8Array) => void} push
 * @property {() => void} endInput
 * @property {(budget: number) => { result: any } | undefined} advance
 * @property {() => Float64Array} progress
 * @property {() => void} cancel
 * @property {() => number} memory bytes of linear memory in use
 * @property {() => void} [free]
 */

/**
 * @typedef {object} Call
 * @property {string} name
 * @property {object} args
 * @property {Blob} [source] read by "inspect"
 */

/** @typedef {{ stage: string, done: number, total: number, rows?: number }} Progress */

/** The stages of the engine's tasks, by the index that `Engine.progress` gives. */
export const STAGES = [
  "reading", "resolving", "lifetime", "activity", "churn", "writing", "describing", "planning",
  "cohorts", "lifecycle", "grouping", "profiling", "baskets", "forecast",
];

/** The largest piece pushed at once. */
const PUSH = 1 << 20;
/** Above this, a trap is taken for memory that could not grow. */
const MUCH_MEMORY = 1 << 30;

/** One engine, one call at a time. */
export class Runner {
  #engine;
  #memoryBytes;
  #cancelled = false;
  #running = false;

  /**
   * @param {Engine} engine
   * @param {() => number} memoryBytes size of its linear memory, also after a trap
   */
  constructor(engine, memoryBytes = () => 0) {
    this.#engine = engine;
    this.#memoryBytes = memoryBytes;
  }

  /** Whether a call is under way. */
  get running() {
    return this.#running;
  }

  /** Stops the running call before its next slice; it then ends with `Cancelled`. */
  cancel() {
    this.#cancelled = this.#running;
  }

  /**
   * @param {Call} call
   * @param {(progress: Progress) => void} report called at most ten times a second
   * @returns {Promise<any>} the plain result
   * @throws {import("./errors.js").RegularsError} what the engine says
   * @throws {EngineCrash} when the engine can't be used any more
   * @throws {Cancelled}
   */
  async run(call, report) {
    if (this.#running) throw new Error("one call at a time");
    this.#running = true;
    this.#cancelled = false;
    try {
      this.#engine.start(call.name, call.args);
      if (call.source) await this.#read(call.source, report);
      return await this.#advance(report);
    } catch (thrown) {
      throw this.#settle(thrown);
    } finally {
      this.#running = false;
    }
  }

  /**
   * @param {Blob} source
   * @param {(progress: Progress) => void} report
   */
  async #read(source, report) {
    const pace = new Pace(PUSH / 4, PUSH);
    let done = 0;
    for await (const piece of pieces(source)) {
      for (let start = 0; start < piece.length; ) {
        const part = piece.subarray(start, start + Math.max(pace.size, 4096));
        pace.step(() => this.#engine.push(part));
        start += part.length;
        done += part.length;
        if (pace.due()) {
          // How many bytes there are in all is not the engine's to know: it counts rows.
          const [, , rows = 0] = this.#engine.progress();
          report({ stage: "reading", done, total: source.size, rows });
        }
        await pace.rest();
        this.#check();
      }
    }
    this.#engine.endInput();
  }

  /** @param {(progress: Progress) => void} report */
  async #advance(report) {
    const pace = new Pace(20_000);
    for (;;) {
      this.#check();
      const step = pace.step(() => this.#engine.advance(pace.size));
      if (step) return step.result;
      if (pace.due()) {
        const [stage = 0, done = 0, total = 0] = this.#engine.progress();
        report({ stage: STAGES[stage] ?? "working", done, total });
      }
      await pace.rest();
    }
  }

  #check() {
    if (this.#cancelled) throw new Cancelled();
  }

  /**
   * Leaves the engine ready for the next call, or says that it is not.
   *
   * @param {unknown} thrown
   * @returns {unknown} what to throw on
   */
  #settle(thrown) {
    const error = thrown instanceof Cancelled ? thrown : spoken(thrown);
    try {
      if (error) {
        this.#engine.cancel();
        return error;
      }
    } catch {
      // An engine that can't even drop a task is replaced like one that trapped.
    }
    const code = this.#memoryBytes() > MUCH_MEMORY ? "out-of-memory" : "engine-failed";
    return new EngineCrash(code, String(thrown));
  }
}
