/**
 * What can be picked in the pictures and tables of a view: a key for each part, and whom it stands
 * for. The same list says of which parts the share of a selection is counted.
 */

/** @import { BasketResult, CohortsResult, DescribeResult, Distribution, ForecastResult, LifecycleResult, LifetimeResult, Sequence, Where } from "../pkg/types.d.ts" */
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

/** So many days later. @param {string} day @param {number} days */
export const daysOn = (day, days) => new Date(Date.parse(day) + days * 864e5).toISOString().slice(0, 10);

/** @param {string} day */
const dayBefore = (day) => daysOn(day, -1);

/** For whom it held on an earlier day. @param {string} asOf @param {Where} where @returns {Where} */
export const was = (asOf, where) => ({ was: { asOf, where } });

/**
 * Who was in one segment on an earlier day, if in any, and is in another now; null stands for all of a side.
 * @param {import("../pkg/types.d.ts").Movement} movement @param {number | null} before @param {number | null} now @returns {Where}
 */
export function moved({ from, ids }, before, now) {
  const then = before === null ? {} : before === ids.length ? { firstOrder: { min: daysOn(from, 1) } } : was(from, { segment: ids[before] });
  return now === null ? then : { segment: ids[now], ...then };
}

/** Who went one way. @param {import("../pkg/types.d.ts").Movement} movement @param {"rose" | "fell" | "stayed" | "arrived"} way @returns {Where} */
export function wentWay(movement, way) {
  const { ids, from } = movement;
  if (way === "arrived") return moved(movement, ids.length, null);
  const sides = { rose: (/** @type {number} */ i) => ids.slice(i + 1), fell: (/** @type {number} */ i) => ids.slice(0, i), stayed: (/** @type {number} */ i) => [ids[i]] };
  return { or: ids.map((id, i) => ({ segment: id, ...was(from, { segment: sides[way](i) }) })) };
}

/** Who did what in a period of the life cycle. @param {LifecycleResult["periods"]} periods @param {"new" | "returning" | "resurrected" | "dormant"} kind @param {number} i @returns {Where} */
export function lived({ from }, kind, i) {
  const within = (/** @type {number} */ p) => ({ min: from[p], ...(from[p + 1] ? { max: dayBefore(from[p + 1] ?? "") } : {}) });
  const ordered = (/** @type {number} */ p) => ({ ordered: { day: within(p) } });
  if (kind === "new") return { firstOrder: within(i) };
  if (kind === "returning") return { and: [ordered(i - 1), ordered(i)] };
  if (kind === "dormant") return { and: [ordered(i - 1), { not: ordered(i) }] };
  return { and: [{ firstOrder: { max: dayBefore(from[i - 1] ?? "") } }, { not: ordered(i - 1) }, ordered(i)] };
}

/** @type {("new" | "returning" | "resurrected" | "dormant")[]} */
const KINDS = ["new", "returning", "resurrected", "dormant"];

/** The parts of the bars of the life cycle. @param {LifecycleResult | null} result @returns {Pick[]} */
const lifePicks = (result) =>
  (result?.periods.period ?? []).flatMap((period, i) =>
    KINDS.flatMap((kind) => (result?.periods[kind][i] ? [/** @type {Pick} */ ([`${kind}/${period}`, lived(result.periods, kind, i), false])] : [])),
  );

/** Customers with an order of this country, channel or product. @param {string} key @param {string} name @returns {Where} */
export const orderedFrom = (key, name) => ({ ordered: { [key]: name } });

/** Customers with so many days with an order after that of the first; the last of a list stands for all from it on. @param {number} n @param {boolean} open @returns {Where} */
const repeats = (n, open) => ({ repeatOrders: open ? { min: n } : n });

/** As many as a list by repeat orders tells apart. */
const MANY = 7;

/** The customers behind the pictures that test a model. Where periods are counted and not days, there are none to tell. @param {LifetimeResult} result @returns {Pick[]} */
function modelPicks({ model, frequencies, holdout, matrix, tracking }) {
  if (model === "bg-bb") return [];
  const above = (/** @type {number[]} */ steps, /** @type {number} */ i) => ({ min: (steps[i - 1] ?? -1) + 1, max: steps[i] });
  const { from } = tracking;
  return /** @type {Pick[]} */ ([
    ...frequencies.frequency.map((f) => [`repeat/${f}`, repeats(f, f === MANY)]),
    ...(holdout?.byFrequency.frequency ?? []).map((f) => [`held/${f}`, was(holdout?.cutOff ?? "", repeats(f, f === MANY)), false]),
    ...(matrix?.customers ?? []).flatMap((row, i) =>
      row.flatMap((n, j) => (matrix && n > 0 ? [[`cell/${i}/${j}`, { repeatOrders: above(matrix.frequency, i), activeDays: above(matrix.recencyDays, j) }, false]] : [])),
    ),
    ...(from ? tracking.week.map((week) => [`week/${week}`, { ordered: { day: { min: daysOn(from, week * 7 - 7), max: daysOn(from, week * 7 - 1) }, since: {} } }, false]) : []),
  ]);
}

/** The periods of the past that are picked: calendar months where they lie too close. @param {ForecastResult | null} result @returns {{ from: string, to: string, value: number | null }[]} */
export function pastParts(result) {
  if (!result) return [];
  const { past, future, asOf } = result;
  const many = past.from.length > MOST_POINTS;
  const starts = past.from.filter((from, i) => !many || from.slice(0, 7) !== past.from[i - 1]?.slice(0, 7));
  const parts = starts.map((from, i) => ({ from, to: dayBefore(starts[i + 1] ?? future.from[0] ?? asOf), value: many ? null : (past.value[i] ?? null) }));
  return many ? parts : parts.filter(({ value }) => value !== null);
}

/** Points of more periods than these lie too close to be picked one by one. */
const MOST_POINTS = 240;

/** What was bought, and what after it, by the rows of sequences. @param {BasketResult} result @param {Sequence} row @returns {[Where, Where] | null} who went on to buy it, and who did not */
export function sequenceWheres({ items, sequences }, { first, then }) {
  const order = (/** @type {number} */ i) => {
    const { key, value } = items[i] ?? {};
    return key && value !== null ? { [key]: value } : null;
  };
  const [one, other] = [order(first), order(then)];
  if (!sequences || !one || !other) return null;
  const since = { ...one, day: { max: sequences.until } };
  const followed = { ordered: { ...other, since, within: sequences.windowDays } };
  return [followed, { and: [{ ordered: since }, { not: followed }] }];
}

/** Whose first order makes the members of a cohort; null where nothing does. @param {CohortsResult} result @param {number} i @returns {Where | null} */
export function cohortWhere({ by, cohorts }, i) {
  const { id = null, from = null, to = null, others = false } = cohorts[i] ?? {};
  if (from !== null) return { firstOrder: { min: from, max: to ?? from } };
  if (by === "firstOrder") return null;
  const firstOf = (/** @type {(string | null)[]} */ ids) => ({ ordered: { first: true, [by === "product" ? "mainProduct" : by]: ids } });
  // The others are those of none of the cohorts, nor without a value.
  return others ? { not: firstOf([null, ...cohorts.flatMap((cohort) => cohort.id ?? [])]) } : firstOf([id]);
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

/** Whom the engine counts as slipping away: gone as likely as not, and not certainly. */
export const SLIPPING = within("churnProbability", 0.5, 0.95);

/** Bounds of the bands of health. @type {Record<"good" | "fair" | "poor", Where>} */
export const HEALTH_BANDS = { good: { health: { min: 70 } }, fair: { health: { min: 40, max: 69.999999 } }, poor: { health: { max: 39.999999 } } };

/** A cell of the win-back matrix. @param {{ tier: string, churnType: string }} cell @returns {Where} */
export const winbackCell = ({ tier, churnType }) => ({ tier, churnType, phase: "open" });

/** Parts of the value by what the first order says. @type {("channel" | "country")[]} */
const AT_FIRST = ["channel", "country"];

/** A key, whom it stands for, and whether the part of a selection in it is counted. @typedef {[string, Where, boolean?]} Pick */

/** @type {Partial<Record<State["view"], (state: State) => Pick[]>>} */
const OF_VIEW = {
  segments: ({ results, segmenting, asked }) => {
    /** @type {Pick[]} */
    const picks = segmenting.page === "lifecycle" ? lifePicks(asked.lifecycle?.value ?? null) : [];
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
    ...(results.lifetime.value ? modelPicks(results.lifetime.value) : []),
    ...(results.equity.value?.segment ?? []).flatMap(({ label }) => (label === null ? [] : [/** @type {[string, Where]} */ ([`segment/${label}`, { segment: label }])])),
    ...(results.equity.value?.cohort ?? []).flatMap(({ label }) => (label === null ? [] : [/** @type {[string, Where]} */ ([`new/${label}`, newIn(label)])])),
    ...AT_FIRST.flatMap((key) => (results.equity.value?.[key] ?? []).map(({ label }) => /** @type {Pick} */ ([`${key}/${label}`, { ordered: { first: true, [key]: label } }, false]))),
  ],
  churn: ({ results }) => [
    ...Object.entries(RISK_BANDS).map(([band, where]) => /** @type {Pick} */ ([`risk/${band}`, where])),
    ...RISKS,
    ...(results.churn.value?.gapShares ?? []).map(({ days }) => /** @type {Pick} */ ([`silent/${days}`, { recencyDays: { min: days + 1 } }, false])),
    ...(results.churn.value?.profit.slice(1) ?? []).map(({ fraction }) => /** @type {Pick} */ ([`riskiest/${fraction}`, { churnProbability: { top: fraction } }, false])),
    ...(results.retention.value?.groups ?? []).flatMap(({ by, rows }) => rows.map(({ name }) => /** @type {Pick} */ ([`${by}/${name}`, was(results.retention.value?.cutOff ?? "", { [by]: name }), false]))),
    ...(results.retention.value?.months ?? []).map(({ from, to }) => /** @type {Pick} */ ([`active/${from}`, orderedIn(from, to), false])),
  ],
  health: () => Object.entries(HEALTH_BANDS).map(([band, where]) => [`health/${band}`, where]),
  winback: ({ results }) =>
    (results.winback.value?.matrix ?? []).filter((cell) => cell.customers > 0).map((cell) => [`${cell.tier}/${cell.churnType}`, winbackCell(cell)]),
  time: ({ results }) => [
    ...lifePicks(results.lifecycle.value),
    ...(results.describe.value?.months.month ?? []).flatMap((month) => /** @type {Pick[]} */ ([[`new/${month}`, newIn(month)], [`month/${month}`, orderedIn(`${month}-01`, lastOf(month)), false]])),
    ...(results.describe.value?.distributions ?? []).flatMap(rangesOf),
    ...Object.entries({ country: results.describe.value?.topCountries, channel: results.describe.value?.topChannels, product: results.describe.value?.topProducts }).flatMap(([key, rows]) =>
      (rows ?? []).slice(0, 8).map(({ name }) => /** @type {Pick} */ ([`${key}/${name}`, orderedFrom(key, name)])),
    ),
  ],
  cohorts: ({ results }) => {
    const result = results.cohorts.value;
    const all = (result?.average.exposed ?? []).map((_, after) => /** @type {Pick} */ ([`after/${after}`, { ordered: { after, unit: result?.unit } }, false]));
    return [...all, ...(result?.cohorts ?? []).flatMap((cohort, i) => {
      const who = result && cohortWhere(result, i);
      if (!who) return [];
      const then = (/** @type {number} */ after) => ({ and: [who, { ordered: { after, unit: result.unit } }] });
      return /** @type {Pick[]} */ ([[`cohort/${i}`, who], ...cohort.customers.flatMap((n, after) => (n > 0 ? [[`cell/${i}/${after}`, then(after), false]] : []))]);
    })];
  },
  baskets: ({ results }) => (results.basket.value ? rulePicks(results.basket.value) : []),
  forecast: ({ results }) => pastParts(results.forecast.value).map(({ from, to }) => [`past/${from}`, orderedIn(from, to), false]),
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
  const seen = [state.view, state.parts, state.selection?.where, state.results.describe.value, state.results.lifetime.value, state.results.equity.value, state.results.cohorts.value, state.results.rfm.value, state.results.winback.value, state.results.basket.value, state.results.retention.value, state.results.forecast.value, state.results.lifecycle.value, state.segmenting.page, state.asked.lifecycle?.value];
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
