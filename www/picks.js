/**
 * What can be picked in the pictures and tables of a view: a key for each part, and whom it stands
 * for. The same list says of which parts the share of a selection is counted.
 */

/** @import { DescribeResult, Distribution, Where } from "../pkg/types.d.ts" */
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

/** @type {Partial<Record<State["view"], (state: State) => [string, Where][]>>} */
const OF_VIEW = {
  segments: ({ results }) => {
    /** @type {[string, Where][]} */
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
    ...(results.lifetime.value?.distribution ?? []).map((bin, i) => /** @type {[string, Where]} */ ([`clv/${i}`, within("clv", bin.from, bin.to)])),
    ...(results.equity.value?.segment ?? []).flatMap(({ label }) => (label === null ? [] : [/** @type {[string, Where]} */ ([`segment/${label}`, { segment: label }])])),
    ...(results.equity.value?.cohort ?? []).flatMap(({ label }) => (label === null ? [] : [/** @type {[string, Where]} */ ([`new/${label}`, newIn(label)])])),
  ],
  churn: () => Object.entries(RISK_BANDS).map(([band, where]) => [`risk/${band}`, where]),
  health: () => Object.entries(HEALTH_BANDS).map(([band, where]) => [`health/${band}`, where]),
  winback: ({ results }) =>
    (results.winback.value?.matrix ?? []).filter((cell) => cell.customers > 0).map((cell) => [`${cell.tier}/${cell.churnType}`, winbackCell(cell)]),
  time: ({ results }) => [
    ...(results.describe.value?.months.month ?? []).map((month) => /** @type {[string, Where]} */ ([`new/${month}`, newIn(month)])),
    ...(results.describe.value?.distributions ?? []).flatMap(rangesOf),
    ...(results.describe.value?.topCountries ?? []).slice(0, 8).map(({ name }) => /** @type {[string, Where]} */ ([`country/${name}`, { country: name }])),
  ],
  cohorts: ({ results }) =>
    (results.cohorts.value?.cohorts ?? []).flatMap(({ from, to }, i) =>
      from === null ? [] : [/** @type {[string, Where]} */ ([`cohort/${i}`, { firstOrder: { min: from, max: to ?? from } }])],
    ),
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
 * @returns {[string, Where][]}
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
  const seen = [state.view, state.parts, state.selection?.where, state.results.describe.value, state.results.lifetime.value, state.results.equity.value, state.results.cohorts.value, state.results.rfm.value, state.results.winback.value];
  if (seen.some((value, i) => value !== last.state[i])) {
    const wheres = new Map(picksOf(state));
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
