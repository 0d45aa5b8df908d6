/**
 * What can be picked in the pictures and tables of a view: a key for each part, and whom it stands
 * for. The same list says of which parts the share of a selection is counted.
 */

/** @import { BasketResult, CohortsResult, DescribeResult, Distribution, Where } from "../pkg/types.d.ts" */
/** @import { State } from "./state.js" */

/** Figures of customers that are also columns of their table. @type {Partial<Record<Distribution["id"], string>>} */
const COLUMN_OF = { customerRevenue: "revenue", customerOrders: "orders", customerAverageOrder: "averageOrder" };

/** From `from` on and below `to`; the last range holds its end. @param {string} column @param {number} from @param {number | null} to @returns {Where} */
const within = (column, from, to) =>
  to === null ? { [column]: { min: from } } : { and: [{ [column]: { min: from } }, { not: { [column]: { min: to } } }] };

/** The last day of a month. @param {string} month as 2011-12 */
export const lastOf = (month) => new Date(Date.UTC(Number(month.slice(0, 4)), Number(month.slice(5)), 0)).toISOString().slice(0, 10);

/** Customers whose first order was in the month. @param {string} month @returns {Where} */
export const newIn = (month) => ({ firstOrder: { min: `${month}-01`, max: lastOf(month) } });

/** Customers who ordered within these days. @param {string} min @param {string} max @returns {Where} */
const orderedIn = (min, max) => ({ ordered: { day: { min, max } } });

/** The first customers by future value. @param {number} top  a share of all @returns {Where} */
export const topOf = (top) => ({ clv: { top } });

/** @param {string} day */
const dayBefore = (day) => new Date(Date.parse(day) - 864e5).toISOString().slice(0, 10);

/** Customers with an order of this country, channel or product. @param {string} key @param {string} name @returns {Where} */
export const orderedFrom = (key, name) => ({ ordered: { [key]: name } });

/** Whose first order makes the members of a cohort; null for the rest that no cohort is made of. @param {CohortsResult} result @param {number} i @returns {Where | null} */
export function cohortWhere({ by, cohorts }, i) {
  const { id = null, from = null, to = null, others = false } = cohorts[i] ?? {};
  if (from !== null) return { firstOrder: { min: from, max: to ?? from } };
  if (by === "firstOrder" || others) return null;
  return { ordered: { first: true, [by === "product" ? "mainProduct" : by]: id } };
}

/** The orders that hold a side of a rule, or both. @param {BasketResult} result @param {number[]} side @returns {Where | null} */
function bought({ of, items }, side) {
  const found = side.map((i) => items[i]);
  if (found.some((item) => !item || item.value === null)) return null;
  const all = /** @type {{ key: string, value: string }[]} */ (found);
  if (of === "customer") return { and: all.map(({ key, value }) => orderedFrom(key, value)) };
  /** @type {Record<string, { all: string[] }>} */
  const ordered = {};
  for (const { key, value } of all) (ordered[key] ??= { all: [] }).all.push(value);
  return { ordered };
}

/** Who bought both sides of a rule, or the first and never the second. @param {BasketResult} result @returns {Pick[]} */
const rulePicks = (result) =>
  result.rules.flatMap(({ antecedent, consequent }, i) => {
    const [first, then, both] = [bought(result, antecedent), bought(result, consequent), bought(result, [...antecedent, ...consequent])];
    return first && then && both ? /** @type {Pick[]} */ ([[`both/${i}`, both, false], [`without/${i}`, { and: [first, { not: then }] }, false]]) : [];
  });

/** Tenths by risk today, and ranges of risk, of which the pictures say how they did. @type {Pick[]} */
const RISKS = Array.from({ length: 10 }, (_, i) => i).flatMap((i) => /** @type {Pick[]} */ ([
  [`tenth/${i + 1}`, { churnProbability: { top: [i / 10, (i + 1) / 10] } }, false],
  [`range/${i}`, within("churnProbability", i / 10, i === 9 ? null : (i + 1) / 10), false],
]));

/** Bounds of the bands of risk, as types.d.ts states them. @type {Record<"low" | "medium" | "high", Where>} */
export const RISK_BANDS = {
  high: { churnProbability: { min: 2 / 3 } },
  medium: { churnProbability: { min: 1 / 3, max: 2 / 3 } },
  low: { churnProbability: { max: 1 / 3 } },
};

/** Bounds of the bands of health. @type {Record<"good" | "fair" | "poor", Where>} */
export const HEALTH_BANDS = { good: { health: { min: 70 } }, fair: { health: { min: 40, max: 69.999999 } }, poor: { health: { max: 39.999999 } } };

/** A cell of the win-back matrix. @param {{ tier: string, churnType: string }} cell @returns {Where} */
export const winbackCell = ({ tier, churnType }) => ({ tier, churnType, phase: "open" });

/** A key, whom it stands for, and whether the part of a selection in it is counted. @typedef {[string, Where, boolean?]} Pick */

/** @type {Partial<Record<State["view"], (state: State) => Pick[]>>} */
const OF_VIEW = {
  segments: ({ results }) => {
    /** @type {Pick[]} */
    const picks = [];
    for (const { id, customers } of results.rfm.value?.segments ?? []) if (customers > 0) picks.push([id, { segment: id }]);
    results.rfm.value?.grid.forEach((row, r) =>
      row.forEach((cell, f) => {
        if (cell.customers > 0) picks.push([`${r + 1}/${f + 1}`, { rScore: r + 1, fScore: f + 1 }]);
      }),
    );
    return picks;
  },
  value: ({ results }) => [
    ...Array.from({ length: 10 }, (_, i) => /** @type {Pick} */ ([`top/${i + 1}`, topOf((i + 1) / 10), false])),
    ...(results.lifetime.value?.distribution ?? []).map((bin, i) => /** @type {[string, Where]} */ ([`clv/${i}`, within("clv", bin.from, bin.to)])),
    ...(results.equity.value?.segment ?? []).flatMap(({ label }) => (label === null ? [] : [/** @type {[string, Where]} */ ([`segment/${label}`, { segment: label }])])),
    ...(results.equity.value?.cohort ?? []).flatMap(({ label }) => (label === null ? [] : [/** @type {[string, Where]} */ ([`new/${label}`, newIn(label)])])),
  ],
  churn: ({ results }) => [
    ...Object.entries(RISK_BANDS).map(([band, where]) => /** @type {Pick} */ ([`risk/${band}`, where])),
    ...RISKS,
    ...(results.retention.value?.months ?? []).map(({ from, to }) => /** @type {Pick} */ ([`active/${from}`, orderedIn(from, to), false])),
  ],
  health: () => Object.entries(HEALTH_BANDS).map(([band, where]) => [`health/${band}`, where]),
  winback: ({ results }) =>
    (results.winback.value?.matrix ?? []).filter((cell) => cell.customers > 0).map((cell) => [`${cell.tier}/${cell.churnType}`, winbackCell(cell)]),
  time: ({ results }) => [
    ...(results.describe.value?.months.month ?? []).flatMap((month) => /** @type {Pick[]} */ ([[`new/${month}`, newIn(month)], [`month/${month}`, orderedIn(`${month}-01`, lastOf(month)), false]])),
    ...(results.describe.value?.distributions ?? []).flatMap(rangesOf),
    ...Object.entries({ country: results.describe.value?.topCountries, channel: results.describe.value?.topChannels, product: results.describe.value?.topProducts }).flatMap(([key, rows]) =>
      (rows ?? []).slice(0, 8).map(({ name }) => /** @type {Pick} */ ([`${key}/${name}`, orderedFrom(key, name)])),
    ),
  ],
  cohorts: ({ results }) => {
    const result = results.cohorts.value;
    return (result?.cohorts ?? []).flatMap((cohort, i) => {
      const who = result && cohortWhere(result, i);
      if (!who) return [];
      const then = (/** @type {number} */ after) => ({ and: [who, { ordered: { after, unit: result.unit } }] });
      return /** @type {Pick[]} */ ([[`cohort/${i}`, who], ...cohort.customers.flatMap((n, after) => (n > 0 ? [[`cell/${i}/${after}`, then(after), false]] : []))]);
    });
  },
  baskets: ({ results }) => (results.basket.value ? rulePicks(results.basket.value) : []),
  forecast: ({ results }) => {
    const { past, future, asOf = "" } = results.forecast.value ?? {};
    const starts = [...(past?.from ?? []), future?.from[0] ?? asOf];
    return (past?.from ?? []).map((from, i) => [`past/${from}`, orderedIn(from, dayBefore(starts[i + 1] ?? asOf)), false]);
  },
};

/** The ranges of a figure of customers; of one of orders there are none. @param {Distribution} found @returns {[string, Where][]} */
function rangesOf(found) {
  const column = COLUMN_OF[found.id];
  if (!column) return [];
  return found.bins.map((bin, i) => [`${found.id}/${i}`, within(column, bin.from, i === found.bins.length - 1 ? null : bin.to)]);
}

/**
 * All that can be picked in the view that is shown.
 * @param {State} state
 * @returns {Pick[]}
 */
export const picksOf = (state) => OF_VIEW[state.view]?.(state) ?? [];

/**
 * What the pictures of a view need to be picked in: keys, the part of the selection in each, what is chosen.
 * @typedef {object} Picked
 * @property {Record<string, { total: number, revenue: number }>} parts
 * @property {string | null} chosen  key of the part that is the selection
 */

/** The last one made, so that a picture is drawn anew only when something changed. @type {{ state: unknown[], picked: Picked, wheres: Map<string, Where> }} */
let last = { state: [], picked: { parts: {}, chosen: null }, wheres: new Map() };

/** @param {State} state */
function now(state) {
  const seen = [state.view, state.parts, state.selection?.where, state.results.describe.value, state.results.lifetime.value, state.results.equity.value, state.results.cohorts.value, state.results.rfm.value, state.results.winback.value, state.results.basket.value, state.results.retention.value, state.results.forecast.value];
  if (seen.some((value, i) => value !== last.state[i])) {
    const wheres = new Map(picksOf(state).map(([key, where]) => [key, where]));
    const text = state.selection ? JSON.stringify(state.selection.where) : null;
    const chosen = [...wheres].find(([, where]) => JSON.stringify(where) === text)?.[0] ?? null;
    last = { state: seen, wheres, picked: { parts: state.parts, chosen } };
  }
  return last;
}

/** @param {State} state @returns {Picked} */
export const picked = (state) => now(state).picked;

/** Whom a key stands for, in the view that is shown. @param {State} state @param {string} key */
export const whereOf = (state, key) => now(state).wheres.get(key);
