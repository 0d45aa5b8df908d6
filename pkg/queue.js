/** Calls one after another; an aborted one is rejected at once, whatever still runs. */

import { abortReason } from "./errors.js";

/** A queue of jobs of which one runs at a time. */
export class Queue {
  /** @type {Promise<unknown>} */
  #tail = Promise.resolve();
  /** @type {((reason: unknown) => void) | null} */
  #stop = null;
  #closedWith = /** @type {unknown} */ (null);

  /**
   * Runs `job` after those before it.
   *
   * @template T
   * @param {() => Promise<T>} job
   * @param {() => void} cancel asks the running job to end soon
   * @param {AbortSignal} [signal]
   * @returns {Promise<T>} rejected at once when the signal fires; the next job
   *   still waits until this one has really ended
   */
  add(job, cancel, signal) {
    return new Promise((resolve, reject) => {
      if (this.#closedWith) return reject(this.#closedWith);
      if (signal?.aborted) return reject(abortReason(signal));
      let running = false;
      let over = false;
      const stop = (/** @type {unknown} */ reason) => {
        if (over) return;
        over = true;
        signal?.removeEventListener("abort", onAbort);
        reject(reason);
        if (running) cancel();
      };
      const onAbort = () => stop(abortReason(/** @type {AbortSignal} */ (signal)));
      signal?.addEventListener("abort", onAbort);

      this.#tail = this.#tail.then(async () => {
        if (this.#closedWith) stop(this.#closedWith);
        if (over) return;
        running = true;
        this.#stop = stop;
        try {
          const result = await job();
          if (!over) resolve(result);
        } catch (error) {
          if (!over) reject(error);
        } finally {
          over = true;
          running = false;
          this.#stop = null;
          signal?.removeEventListener("abort", onAbort);
        }
      });
    });
  }

  /**
   * Rejects everything that runs, waits or comes later.
   *
   * @param {unknown} reason
   */
  close(reason) {
    this.#closedWith = reason;
    this.#stop?.(reason);
  }
}
