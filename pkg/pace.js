/**
 * Slices of work: how much to do at once, and when to let others have the
 * thread. The clock decides only when to pause; results never depend on it.
 */

/** A slice ends after this many milliseconds; with one more step it stays under 50. */
const SLICE_MS = 20;
/** One step of the engine should take about this long. */
const STEP_MS = 8;
/** A step shorter than this says nothing of what a larger one would take. */
const TELLING_MS = 0.5;
/** Up to this size, steps grow even when they are too short to tell. */
const SMALL = 50_000;
/** Progress is reported at most this often. */
const REPORT_MS = 100;

/** Lets everything else that waits for this thread run, and comes back at once. */
export const breathe = makeBreathe();

/** @returns {() => Promise<void>} */
function makeBreathe() {
  const { setImmediate } = /** @type {{ setImmediate?: (f: () => void) => void }} */ (globalThis);
  if (setImmediate) return () => new Promise((done) => setImmediate(done));
  // A timer would wait 4 ms or more each time; a message to oneself does not.
  const { port1, port2 } = new MessageChannel();
  /** @type {(() => void)[]} */
  const waiting = [];
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    new Promise((done) => {
      waiting.push(done);
      port2.postMessage(null);
    });
}

/** Measures steps, fits their size to the machine, and pauses between slices. */
export class Pace {
  #sliceStart = performance.now();
  #lastReport = -Infinity;
  #size;
  #most;

  /**
   * @param {number} size of the first step, in units of the work
   * @param {number} most the largest step
   */
  constructor(size, most = Number.MAX_SAFE_INTEGER) {
    this.#size = size;
    this.#most = most;
  }

  /** Units the next step should do. */
  get size() {
    return Math.floor(this.#size);
  }

  /**
   * Does one step and learns from its duration.
   *
   * @template T
   * @param {() => T} work
   * @returns {T}
   */
  step(work) {
    const start = performance.now();
    const result = work();
    const took = performance.now() - start;
    // A task may spend many cheap steps before a dear one: growing through them
    // would end in one step that takes for ever.
    if (took < TELLING_MS && this.#size >= SMALL) return result;
    const factor = Math.min(Math.max(STEP_MS / Math.max(took, 0.01), 0.1), 2);
    this.#size = Math.min(Math.max(this.#size * factor, 1), this.#most);
    return result;
  }

  /** Whether a report of progress is due; if so, the time counts from now. */
  due() {
    const now = performance.now();
    if (now - this.#lastReport < REPORT_MS) return false;
    this.#lastReport = now;
    return true;
  }

  /** Pauses when the slice is over. */
  async rest() {
    if (performance.now() - this.#sliceStart < SLICE_MS) return;
    await breathe();
    this.#sliceStart = performance.now();
  }
}
