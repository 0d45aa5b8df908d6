/** The workspace: sources, what is loaded, and every call to the engine in its order. */

import { EngineCrash, RegularsError } from "./errors.js";
import { sentencesOf } from "./messages.js";
import { Queue } from "./queue.js";
import { blobOf } from "./sources.js";
import { createView, dayAfter } from "./view.js";
import { zoneOf } from "./zones.js";

/**
 * @typedef {import("./hosts.js").Host} Host
 * @typedef {import("./messages.js").Catalogue} Catalogue
 * @typedef {import("./types.js").Found} Found
 * @typedef {import("./types.js").Ledger} Ledger
 * @typedef {import("./types.js").LoadOptions} LoadOptions
 * @typedef {import("./types.js").RunOptions} RunOptions
 * @typedef {import("./types.js").Source} Source
 */

/**
 * A source that was read. `engineId` is its handle in the engine there is now,
 * null when it would have to be read again.
 *
 * @typedef {object} Reading
 * @property {Blob} source
 * @property {object} args of its "inspect"
 * @property {Found} found
 * @property {number | null} engineId
 */

/**
 * What is loaded, and how it came about.
 *
 * @typedef {object} Loaded
 * @property {number[]} ids of the readings
 * @property {LoadArgs} args of its "load"
 * @property {Ledger} ledger
 * @property {object} settings as the engine describes them
 * @property {number} number of the load, from 1
 */

/**
 * What "load" is told.
 *
 * @typedef {object} LoadArgs
 * @property {import("./types.js").MappingEntry[] | null} mapping
 * @property {Record<string, string>} answers
 * @property {string | null} currency
 * @property {Partial<import("./types.js").LoadSettings>} settings
 * @property {import("./zones.js").Zone | null} zone
 * @property {string | null} join
 * @property {boolean} trial
 */

/**
 * One call of the engine on behalf of a job of the queue.
 *
 * @typedef {(name: string, args: object, source?: Blob) => Promise<any>} Step
 */

/** Implements `Workspace` of types.d.ts. */
export class Workspace {
  #openHost;
  /** @type {Host | null} */
  #host;
  #catalogue;
  #bytes;
  #messages;
  #queue = new Queue();
  #nextId = 1;
  /** @type {Map<number, Reading>} */
  #readings = new Map();
  /** @type {Loaded | null} */
  #loaded = null;
  /** Whether the engine there is now holds `#loaded`. */
  #inEngine = false;

  /**
   * @param {() => Promise<Host>} openHost opens an engine; again after each crash
   * @param {Host} host the first one
   * @param {Catalogue} catalogue
   * @param {(bytes: Uint8Array) => Blob | Uint8Array} bytes what exports are given out as
   * @param {import("./types.js").OpenOptions["messages"]} [messages] where further languages come from
   */
  constructor(openHost, host, catalogue, bytes, messages) {
    this.#openHost = openHost;
    this.#host = host;
    this.#catalogue = catalogue;
    this.#bytes = bytes;
    this.#messages = messages;
  }

  /** Where the engine runs. */
  get thread() {
    return this.#host?.thread ?? "worker";
  }

  /**
   * @param {Source} source
   * @param {import("./types.js").InspectOptions} [options]
   * @returns {Promise<Found>}
   */
  async inspect(source, { onProgress, signal, ...options } = {}) {
    const blob = this.#checked(() => blobOf(source));
    return this.#job({ onProgress, signal }, async (step) => {
      const reading = await this.#read(step, blob, inspectArgs(options));
      return reading.found;
    });
  }

  /**
   * @param {Found | Source | (Found | Source)[]} source
   * @param {LoadOptions} [options]
   * @returns {Promise<Ledger>}
   */
  async load(source, options = {}) {
    const { onProgress, signal, mapping, answers, currency, settings, zone, join, trial } = options;
    const parts = this.#checked(() => (Array.isArray(source) ? source : [source]).map((part) => this.#part(part)));
    const args = structuredClone({
      mapping: mapping ?? null,
      answers: answers ?? {},
      currency: currency ?? null,
      settings: settings ?? {},
      zone: zone ? this.#checked(() => zoneOf(zone)) : null,
      join: join ?? null,
      trial: trial ?? false,
    });
    return this.#job({ onProgress, signal }, async (step) => {
      /** @type {number[]} */
      const ids = [];
      for (const part of parts) {
        if (typeof part === "number") ids.push(part);
        else ids.push((await this.#read(step, part, inspectArgs({}))).found.id);
      }
      const ledger = await this.#loadReadings(step, ids, args);
      if (args.trial) return this.#catalogue.fill(ledger);
      // Until the swap below, what was loaded before stands for the caller.
      this.#inEngine = false;
      const settings = await step("settings", {});
      this.#loaded = { ids, args, ledger, settings, number: (this.#loaded?.number ?? 0) + 1 };
      this.#inEngine = true;
      this.#catalogue.currency = ledger.currency;
      this.#job({}, (step) => this.#forgetOthers(step)).catch(() => {
        // Only memory was at stake: the engine crashed and is replaced, or all is closed.
      });
      return this.#catalogue.fill(ledger);
    });
  }

  /**
   * @param {Found | Source} source
   * @param {import("./types.js").AttachOptions} [options]
   * @returns {Promise<Ledger>}
   */
  async attach(source, { key, ...run } = {}) {
    const { ids, args } = this.#checked(() => this.#loadedNow());
    const before = ids.map((id) => this.#reading(id).found);
    // A mapping speaks of the columns there were: with more of them it is found anew.
    return this.load([...before, source], { ...args, mapping: undefined, currency: args.currency ?? undefined, zone: args.zone?.name, ...run, join: key ?? "" });
  }

  /**
   * @param {{ seed?: number, customers?: number } & RunOptions} [options]
   * @returns {Promise<Uint8Array>}
   */
  async sample({ seed = 1, customers = 2000, ...run } = {}) {
    return this.#job(run, (step) => step("sample", { seed, customers }));
  }

  /**
   * @param {Source | { cohorts: number[][] }} source
   * @param {import("./types.js").SubscriptionOptions & RunOptions} [options]
   * @returns {Promise<import("./types.js").SubscriptionResult>}
   */
  async subscriptions(source, { onProgress, signal, ...options } = {}) {
    const given = typeof source === "object" && "cohorts" in source ? source : null;
    const blob = given ? null : this.#checked(() => blobOf(/** @type {Source} */ (source)));
    return this.#job({ onProgress, signal }, async (step) => {
      if (!blob) return this.#catalogue.fill(await step("subscriptions", { ...options, ...given }));
      // Which columns are wanted is known by name only: all of them are kept.
      const keep = Array.from({ length: MOST_COLUMNS }, (_, column) => column);
      const { id } = await step("inspect", { previewRows: 0, keep }, blob);
      try {
        return this.#catalogue.fill(await step("subscriptions", { ...options, found: id }));
      } finally {
        await step("forget", { found: id });
      }
    });
  }

  /**
   * @param {import("./types.js").Histories} histories
   * @param {import("./types.js").HistoriesOptions & RunOptions} [options]
   * @returns {Promise<import("./types.js").HistoriesFit>}
   */
  async fitHistories(histories, { onProgress, signal, ...options } = {}) {
    return this.#job({ onProgress, signal }, async (step) =>
      this.#catalogue.fill(await step("fitHistories", { ...columnsOf(histories), ...options })),
    );
  }

  /**
   * @param {import("./types.js").Histories} histories
   * @param {import("./types.js").HistoriesOptions & { parameters: number[], horizonDays?: number } & RunOptions} options
   * @returns {Promise<{ pAlive: Float64Array, expectedOrders: Float64Array }>}
   */
  async predictHistories(histories, { onProgress, signal, ...options }) {
    return this.#job({ onProgress, signal }, (step) =>
      step("predictHistories", { ...columnsOf(histories), ...options }),
    );
  }

  /**
   * @param {string | Date} [asOf]
   * @param {import("./types.js").ViewSettings} [settings]
   * @returns {import("./types.js").View}
   */
  at(asOf, settings = {}) {
    const loaded = this.#checked(() => this.#loadedNow());
    // Baskets without days are the same on any day.
    const { lastDate, shop } = loaded.ledger;
    const last = lastDate ?? (shop.orders > 0 ? "1970-01-01" : null);
    const day = this.#checked(() => dayAfter(last, asOf));
    return createView(day, structuredClone(settings), this.#bytes, (name, args, run = {}) =>
      this.#job(run, async (step) => {
        if (this.#loadedNow().number !== loaded.number) throw new RegularsError("view-outdated");
        await this.#restore(step);
        return this.#catalogue.fill(await step(name, args));
      }),
      (kinds) => this.#catalogue.names(kinds),
    );
  }

  /**
   * @param {Found | Source} source
   * @param {import("./types.js").TableChurnOptions & RunOptions} [options]
   * @returns {Promise<import("./types.js").TableChurnResult>}
   */
  async churnTable(source, { onProgress, signal, ...options } = {}) {
    const part = this.#checked(() => this.#part(source));
    const args = structuredClone(options);
    return this.#job({ onProgress, signal }, async (step) =>
      this.#catalogue.fill(await this.#analyseTable(step, part, { ...args, csv: false })),
    );
  }

  /**
   * @param {Found | Source} source
   * @param {import("./types.js").TableChurnOptions & RunOptions & { labels?: Record<string, string> }} [options]
   * @returns {Promise<Blob | Uint8Array>}
   */
  async churnTableCsv(source, { onProgress, signal, ...options } = {}) {
    const part = this.#checked(() => this.#part(source));
    const args = structuredClone(options);
    return this.#job({ onProgress, signal }, async (step) =>
      this.#bytes(await this.#analyseTable(step, part, { ...args, csv: true })),
    );
  }

  /** @returns {object} */
  settings() {
    return structuredClone(this.#checked(() => this.#loadedNow()).settings);
  }

  /**
   * The sentence for a code, such as the name of a segment.
   *
   * @param {string} code
   * @param {import("./types.js").Message["params"]} [params]
   */
  say(code, params) {
    return this.#catalogue.say(code, params);
  }

  /**
   * Goes over to another language.
   *
   * @param {string} locale
   */
  async speak(locale) {
    try {
      this.#catalogue.speak(await sentencesOf(locale, this.#messages), locale);
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /**
   * Says anew, in the language there is now, what an earlier result said.
   *
   * @template T
   * @param {T} result
   * @returns {T}
   */
  translate(result) {
    return this.#catalogue.fill(structuredClone(result));
  }

  async close() {
    const reason = this.#translated(new RegularsError("already-closed"));
    this.#queue.close(reason);
    this.#host?.close();
    this.#host = null;
    this.#readings.clear();
    this.#loaded = null;
  }

  /** @returns {Loaded} */
  #loadedNow() {
    if (!this.#loaded) throw new RegularsError("nothing-loaded");
    return this.#loaded;
  }

  /**
   * @param {Found | Source} part
   * @returns {number | Blob} the handle of a reading, or a source to be read
   */
  #part(part) {
    if (typeof part !== "object" || !("columns" in part)) return blobOf(part);
    if (!this.#readings.has(part.id)) throw new RegularsError("unknown-found");
    return part.id;
  }

  /**
   * @param {Step} step
   * @param {Blob} source
   * @param {object} args
   * @returns {Promise<Reading>}
   */
  async #read(step, source, args) {
    /** @type {Found} */
    const found = await step("inspect", args, source);
    const reading = { source, args, found, engineId: /** @type {number | null} */ (found.id) };
    found.id = this.#nextId++;
    this.#readings.set(found.id, reading);
    this.#catalogue.fill(found);
    return reading;
  }

  /**
   * @param {Step} step
   * @param {number[]} ids
   * @param {LoadArgs} args
   * @returns {Promise<Ledger>}
   */
  async #loadReadings(step, ids, args) {
    const engineIds = [];
    for (const id of ids) engineIds.push(await this.#held(step, id));
    try {
      return await step("load", { ...args, found: engineIds });
    } catch (error) {
      if (!(error instanceof RegularsError)) throw error;
      if (error.code === "column-not-kept") {
        await this.#widen(step, ids, args, error.params);
        return this.#loadReadings(step, ids, args);
      }
      if (error.code === "needs-answers") {
        const founds = ids.map((id) => this.#reading(id).found);
        // Those of the load itself, if it had any; those of the files otherwise.
        const questions = error.questions ?? founds.flatMap((found) => found.questions);
        this.#catalogue.fill(questions);
        Object.assign(error, { found: founds, questions });
      }
      throw error;
    }
  }

  /**
   * Analyses a reading as a labelled table; one that did not keep all columns is
   * read once more.
   *
   * @param {Step} step
   * @param {number | Blob} part
   * @param {object} args
   */
  async #analyseTable(step, part, args) {
    const id = typeof part === "number" ? part : (await this.#read(step, part, inspectArgs({}))).found.id;
    try {
      return await step("churnTable", { ...args, found: await this.#held(step, id) });
    } catch (error) {
      if (!(error instanceof RegularsError) || error.code !== "column-not-kept") throw error;
      const reading = this.#reading(id);
      await step("forget", { found: reading.engineId });
      reading.engineId = null;
      reading.args = { ...reading.args, keep: reading.found.columns.map(({ index }) => index) };
      return step("churnTable", { ...args, found: await this.#held(step, id) });
    }
  }

  /**
   * Gives up a reading that did not keep a column which is wanted after all, so
   * that its source is read once more.
   *
   * @param {Step} step
   * @param {number[]} ids
   * @param {{ mapping: import("./types.js").MappingEntry[] | null }} args
   * @param {import("./types.js").Message["params"]} params `file`: which of the readings, from 1; `index` of the column
   */
  async #widen(step, ids, { mapping }, { file, index }) {
    const reading = this.#reading(ids[Number(file) - 1]);
    const before = new Set("keep" in reading.args ? /** @type {number[]} */ (reading.args.keep) : []);
    // The mapping speaks of the first file's columns: all of them at once.
    const wanted = Number(file) === 1 ? (mapping ?? []).flatMap(({ columns }) => columns) : [];
    const keep = new Set([...before, Number(index), ...wanted]);
    if (before.has(Number(index))) throw new RegularsError("engine-failed");
    await step("forget", { found: reading.engineId });
    reading.engineId = null;
    reading.args = { ...reading.args, keep: [...keep].sort((a, b) => a - b) };
  }

  /**
   * @param {Step} step
   * @param {number} id
   * @returns {Promise<number>} the engine's handle of the reading, which is read again if need be
   */
  async #held(step, id) {
    const reading = this.#reading(id);
    reading.engineId ??= /** @type {number} */ ((await step("inspect", reading.args, reading.source)).id);
    return reading.engineId;
  }

  /** @param {number} id */
  #reading(id) {
    const reading = this.#readings.get(id);
    if (!reading) throw new RegularsError("unknown-found");
    return reading;
  }

  /**
   * After a load only its own readings stay in the engine's memory; the others
   * are read again should they be loaded after all.
   *
   * @param {Step} step
   */
  async #forgetOthers(step) {
    for (const [id, reading] of this.#readings) {
      if (this.#loaded?.ids.includes(id) || reading.engineId === null) continue;
      await step("forget", { found: reading.engineId });
      reading.engineId = null;
    }
  }

  /**
   * Loads again what was loaded, when a new engine has taken over.
   *
   * @param {Step} step
   */
  async #restore(step) {
    const { ids, args } = this.#loadedNow();
    if (this.#inEngine) return;
    await this.#loadReadings(step, ids, args);
    this.#inEngine = true;
  }

  /**
   * Runs a job in its turn. Errors come out with their sentence; a crash
   * replaces the engine before the next job.
   *
   * @template T
   * @param {RunOptions} run
   * @param {(step: Step) => Promise<T>} job
   * @returns {Promise<T>}
   */
  async #job({ onProgress, signal }, job) {
    let cancelled = false;
    const cancel = () => {
      cancelled = true;
      this.#host?.cancel();
    };
    /** @type {Step} */
    const step = async (name, args, source) => {
      signal?.throwIfAborted();
      this.#host ??= await this.#openHost();
      if (cancelled) signal?.throwIfAborted();
      return this.#host.run({ name, args, source }, (progress) => {
        if (!cancelled) onProgress?.(progress);
      });
    };
    try {
      return await this.#queue.add(() => this.#guarded(() => job(step)), cancel, signal);
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /**
   * @template T
   * @param {() => Promise<T>} job
   * @returns {Promise<T>}
   */
  async #guarded(job) {
    try {
      return await job();
    } catch (error) {
      if (!(error instanceof EngineCrash)) throw error;
      this.#host?.close();
      this.#host = null;
      this.#inEngine = false;
      for (const reading of this.#readings.values()) reading.engineId = null;
      throw new RegularsError(error.code, {}, { cause: error });
    }
  }

  /**
   * @template T
   * @param {() => T} check
   * @returns {T}
   */
  #checked(check) {
    try {
      return check();
    } catch (error) {
      throw this.#translated(error);
    }
  }

  /** @param {unknown} error */
  #translated(error) {
    if (error instanceof RegularsError) error.message = this.#catalogue.say(error.code, error.params);
    return error;
  }
}

/** More columns than a table of customers has. */
const MOST_COLUMNS = 512;

/**
 * The columns alone, so that nothing else of the caller's crosses to the engine.
 *
 * @param {import("./types.js").Histories} histories
 */
const columnsOf = ({ frequency, recencyDays, ageDays, customers }) => ({ frequency, recencyDays, ageDays, customers });

/**
 * @param {import("./types.js").InspectOptions} options
 * @returns {object}
 */
function inspectArgs({ previewRows = 20, encoding, delimiter, quote, header, sheet, settings }) {
  const said = Object.entries({ encoding, delimiter, quote, header, sheet, settings }).filter(([, value]) => value !== undefined);
  return { previewRows: Math.min(previewRows, 0xffff_ffff), ...Object.fromEntries(said) };
}
