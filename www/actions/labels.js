/** What the columns and codes of exported lists are called in the language of the page. */

/** @import { ExportOptions } from "../../pkg/types.d.ts" */
/** @import { Words } from "../words.js" */

/** Names of columns and codes, with the key of the words that the page has for them. */
const KNOWN = {
  email: "role.email", group: "list.group", effort: "segments.colAction", closes: "winback.colCloses", gain: "column.winbackGain",
  valueAtStake: "winback.colStake", costPerContact: "option.cost", margin: "option.margin", customers: "segments.colCustomers",
  share: "segments.colShare", revenueShare: "segments.colRevenueShare", medianRecencyDays: "segments.colSilent", medianOrders: "segments.colOrders",
  rowShare: "pivot.show.rowShare", columnShare: "pivot.show.columnShare", index: "pivot.show.index", measure: "pivot.measure", all: "pivot.all",
  none: "pivot.none", other: "pivot.other", others: "pivot.other", value: "pivot.show.value", of: "rule.column", rows: "ledger.colRows", net: "ledger.colMoney",
  example: "ledger.colExample", rowsRead: "ledger.read", antecedent: "baskets.colFirst", consequent: "baskets.colThen", baskets: "baskets.colBaskets",
  support: "baskets.support", confidence: "baskets.confidence", lift: "baskets.lift", leverage: "baskets.leverage", conviction: "baskets.conviction",
  base: "baskets.colBase", medianDays: "baskets.colMedian", mostDays: "baskets.colMost", followed: "csv.followed", cohort: "cohorts.cohort", size: "segments.colCustomers",
  period: "forecast.colPeriod", retention: "say.retention", cumulative: "cohorts.show.cumulative", openDays: "forecast.colOpen", trend: "forecast.colTrend",
  forecast: "forecast.colExpected", lower: "forecast.colLower", upper: "forecast.colUpper", from: "customers.from", to: "customers.to",
};

/** Columns that mean another thing in some lists. @type {Partial<Record<ExportOptions["what"], Record<string, string>>>} */
const APART = {
  winback: { reason: "winback.colReason" },
  ledger: { reason: "winback.colReason" },
  cohorts: { customers: "cohorts.show.customers" },
  sequences: { customers: "csv.exposed" },
  forecast: { value: "forecast.colWas" },
};

/** Beginnings of keys that end in a name or a code; later ones come before earlier ones. */
const KINDS = ["reason.", "method.", "stage.", "tier.", "cell.phase.", "cell.churnType.", "column.", "csv.", "segment."];

/** @param {Words} words @param {ExportOptions["what"]} what @returns {Record<string, string>} */
export function labelsOf(words, what) {
  const keys = Object.entries({ ...KNOWN, ...APART[what] }).map(([name, key]) => [name, words.t(key)]);
  const ways = ["rose", "fell", "stayed", "arrived"].map((way) => [way, words.t(`movement.${way}`)]);
  return Object.assign({}, ...KINDS.map((kind) => words.under(kind)), Object.fromEntries([...keys, ...ways]));
}

/** A name for a file, of any language: what systems of files may not take becomes a hyphen. @param {string} name */
export const slug = (name) =>
  [...name.normalize("NFC").replace(/[^\p{L}\p{M}\p{N}]+/gu, "-")].slice(0, 60).join("").replace(/^-+|-+$/g, "") || "regulars";
