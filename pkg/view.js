/** A view: the loaded orders as they stood on one day, with one set of definitions. */

import { RegularsError } from "./errors.js";

/**
 * @typedef {import("./types.js").RunOptions} RunOptions
 * @typedef {import("./types.js").View} View
 */

const DAY_MS = 86_400_000;

/**
 * The day of reckoning: the one asked for, else the day after the last order.
 *
 * @param {string | null} lastDate
 * @param {string | Date} [asOf]
 * @returns {string} ISO
 */
export function dayAfter(lastDate, asOf) {
  if (asOf instanceof Date) {
    // The day as the caller's own calendar shows it.
    asOf = new Date(Date.UTC(asOf.getFullYear(), asOf.getMonth(), asOf.getDate()))
      .toISOString()
      .slice(0, 10);
  }
  if (asOf === undefined) {
    if (lastDate === null) throw new RegularsError("no-orders");
    return new Date(Date.parse(lastDate) + DAY_MS).toISOString().slice(0, 10);
  }
  const time = /^\d{4}-\d{2}-\d{2}$/.test(asOf) ? Date.parse(asOf) : NaN;
  if (Number.isNaN(time) || new Date(time).toISOString().slice(0, 10) !== asOf) {
    throw new RegularsError("bad-date", { text: asOf });
  }
  return asOf;
}

/**
 * @param {string} asOf
 * @param {import("./types.js").ViewSettings} settings
 * @param {(bytes: Uint8Array) => Blob | Uint8Array} bytes what exports are given out as
 * @param {(name: string, args: object, run?: RunOptions) => Promise<any>} call
 * @param {(kinds: string[]) => Record<string, string>} [names] the words for the codes of some kinds
 * @returns {View}
 */
export function createView(asOf, settings, bytes, call, names = () => ({})) {
  const shared = { asOf, settings };
  // Explicit options stand over the view's settings, for this call alone.
  /** @param {"describe" | "rfm" | "lifetime" | "churn" | "retention" | "health" | "winback" | "cohorts" | "lifecycle" | "cluster" | "basket" | "forecast"} name */
  const analysis = (name) => (options = {}, /** @type {RunOptions} */ run = {}) => {
    const own = { [name]: { ...settings[name], ...options } };
    return call(name, { asOf, settings: { ...settings, ...own } }, run);
  };
  return Object.freeze({
    asOf,
    describe: analysis("describe"),
    rfm: analysis("rfm"),
    lifetime: analysis("lifetime"),
    churn: analysis("churn"),
    retention: analysis("retention"),
    health: analysis("health"),
    winback: analysis("winback"),
    winbackOutcome: async (
      /** @type {import("./types.js").WinbackCampaign | import("./types.js").Source} */ campaign,
      /** @type {RunOptions} */ run,
    ) => call("winbackOutcome", { ...shared, ...(await listOf(campaign)) }, run),
    cohorts: analysis("cohorts"),
    lifecycle: analysis("lifecycle"),
    cluster: analysis("cluster"),
    profile: (/** @type {object} */ options, /** @type {RunOptions} */ run) =>
      call("profile", { ...shared, ...options }, run),
    pivot: (/** @type {object} */ options, /** @type {RunOptions} */ run) =>
      call("pivot", { ...shared, ...options }, run),
    split: (/** @type {object} */ options, /** @type {RunOptions} */ run) =>
      call("split", { ...shared, ...options }, run),
    basket: analysis("basket"),
    forecast: analysis("forecast"),
    offers: (/** @type {string} */ customerId, /** @type {RunOptions} */ run) =>
      call("offers", { ...shared, customerId }, run),
    lifetimeRows: (/** @type {object} */ options = {}, /** @type {RunOptions} */ run) =>
      call("lifetimeRows", { ...shared, limit: 100, ...options }, run),
    equity: (/** @type {object} */ _options, /** @type {RunOptions} */ run) => call("equity", shared, run),
    covariates: (/** @type {object} */ options = {}, /** @type {RunOptions} */ run) =>
      call("covariates", { ...shared, ...options }, run),
    loyalty: (/** @type {object} */ options, /** @type {RunOptions} */ run) =>
      call("loyalty", { ...shared, ...options }, run),
    alike: (/** @type {object} */ options, /** @type {RunOptions} */ run) =>
      call("alike", { ...shared, ...options }, run),
    quality: (/** @type {object} */ options, /** @type {RunOptions} */ run) =>
      call("quality", { ...shared, ...options }, run),
    movement: (/** @type {{ from: string }} */ { from }, /** @type {RunOptions} */ run) =>
      call("movement", { ...shared, from }, run),
    customers: (/** @type {object} */ options, /** @type {RunOptions} */ run) =>
      call("customers", { ...shared, ...options }, run),
    customer: (/** @type {string} */ customerId, /** @type {RunOptions} */ run) =>
      call("customer", { ...shared, customerId }, run),
    exportCsv: async (/** @type {import("./types.js").ExportOptions} */ options, /** @type {RunOptions} */ run) => {
      if (options.what !== "winback" || options.columns || options.where) {
        return bytes(await call("exportCsv", { ...shared, ...options }, run));
      }
      /** @type {{ text: string }[][]} */
      const why = await call("winbackReasons", shared, run);
      const reasons = why.map((all) => all.map(({ text }) => text).join(" "));
      const labels = { ...names(PLAN_WORDS), ...options.labels };
      return bytes(await call("exportCsv", { ...shared, ...options, labels, reasons }, run));
    },
  });
}

/** The kinds of codes that stand in the win-back list. */
const PLAN_WORDS = ["effort", "offer", "owner", "tier", "churn-type", "segment"];

/**
 * A campaign as the engine takes it: an exported list as text, or as it is.
 *
 * @param {import("./types.js").WinbackCampaign | import("./types.js").Source} campaign
 * @returns {Promise<object>}
 */
async function listOf(campaign) {
  if (typeof campaign === "string") return { list: campaign };
  if (campaign instanceof Blob) return { list: await campaign.text() };
  if (campaign instanceof Uint8Array) return { list: new TextDecoder().decode(campaign) };
  return campaign;
}
