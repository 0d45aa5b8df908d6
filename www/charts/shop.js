/** Pictures of the shop over time and of its baskets: cohort curves, forecast, distributions, rules as arcs. */

import { areaY, axisX, axisY, barY, dot, gridY, line, rect, ruleY, text } from "@observablehq/plot";
import { svg } from "lit";
import { toDate } from "../format.js";
import { cohortWhere, pastParts } from "../picks.js";
import { INK, LABEL, LINE, MUTED, PICK, QUANTITY, QUANTITY_LIGHT, SELECTED, draw, isNarrow, onKey, pickColumns } from "./plot.js";

/** @import { BasketResult, CohortsResult, Distribution, ForecastResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/**
 * One line a cohort, pale, and the average of all, strong; a line can be picked.
 * @param {number} width
 * @param {CohortsResult} result
 * @param {"retention" | "cumulative"} by
 * @param {import("./plot.js").Picked} picked
 * @param {string[]} names  of the cohorts
 * @param {string[]} cells  of the periods of the chosen cohort
 * @param {string[]} all  of the periods of all of them
 * @param {Reading} reading
 */
export function cohortCurves(width, result, by, picked, names, cells, all, { format, words }) {
  // The first period is whole by definition; retention speaks of those after it.
  const from = by === "retention" ? 1 : 0;
  const points = (/** @type {(number | null)[]} */ values) =>
    values.flatMap((value, offset) => (value === null || offset < from ? [] : [{ offset, value }]));
  const lines = result.cohorts.flatMap((cohort, i) => points(cohort[by]).map((point) => ({ ...point, cohort: i })));
  const shown = Number(/^(?:cohort|cell)\/(\d+)/.exec(picked.chosen ?? "")?.[1] ?? -1);
  const chosen = lines.filter((point) => point.cohort === shown).map((point) => ({ ...point, key: `${PICK}cell/${shown}/${point.offset}`, says: cells[point.offset] }));
  const found = result.cohorts.flatMap((_, i) => (cohortWhere(result, i) === null ? [] : [i]));
  const hits = lines.filter((point) => found.includes(point.cohort)).map((point) => ({ ...point, key: `${PICK}cohort/${point.cohort}`, says: names[point.cohort] ?? "" }));
  const average = points(result.average[by]).map((point) => ({ ...point, key: `${PICK}after/${point.offset}`, says: all[point.offset] }));
  const last = average.at(-1);
  const share = by === "retention";
  return draw(width, {
    height: 320,
    marginLeft: 56,
    marginRight: isNarrow(width) ? 20 : 88,
    x: { type: "linear" },
    y: { zero: true, nice: true },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => (share ? format.share(d) : format.axisMoney(d)), label: words.t(share ? "axis.orderedAgain" : "axis.perCustomer"), labelArrow: "none" }),
      axisX({ ticks: Math.min(isNarrow(width) ? 6 : 12, Math.max(2, average.length)), tickSize: 0, tickFormat: (/** @type {number} */ d) => (Number.isInteger(d) ? String(d) : ""), label: words.t(`axis.after.${result.unit}`), labelArrow: "none", labelAnchor: "right" }),
      line(lines, { x: "offset", y: "value", z: "cohort", stroke: QUANTITY_LIGHT, strokeWidth: 1.2 }),
      line(average, { x: "offset", y: "value", stroke: QUANTITY, strokeWidth: 3 }),
      line(chosen, { x: "offset", y: "value", stroke: SELECTED, strokeWidth: 3 }),
      dot(chosen, { x: "offset", y: "value", fill: SELECTED, r: 3 }),
      line(hits, { x: "offset", y: "value", z: "cohort", stroke: "transparent", strokeWidth: 10, ariaLabel: "key", title: "says" }),
      ...[average, chosen].map((marks) => dot(marks, { x: "offset", y: "value", r: 7, fill: "transparent", ariaLabel: "key", title: "says" })),
      dot(average.length === 1 ? average : [], { x: "offset", y: "value", fill: QUANTITY, r: 4 }),
      last ? text([last], { x: "offset", y: "value", text: () => words.t("cohorts.all"), textAnchor: isNarrow(width) ? "end" : "start", dx: isNarrow(width) ? 0 : 8, dy: isNarrow(width) ? -12 : 0, ...LABEL }) : null,
      ruleY([0], { stroke: INK }),
    ],
  });
}

/**
 * What was, what is expected, and within what. Who ordered in a period that was can be picked.
 * @param {number} width
 * @param {ForecastResult} result
 * @param {string | null} chosen
 * @param {Reading} reading
 */
export function forecastChart(width, result, chosen, { format, words }) {
  const money = result.of === "sales";
  // A period that is passed over has no level either.
  const past = result.past.from.map((day, i) => ({ date: toDate(day), value: result.past.value[i], trend: result.past.value[i] === null ? null : result.past.trend[i] }));
  const future = result.future.from.map((day, i) => ({ date: toDate(day), value: result.future.value[i], lower: result.future.lower[i], upper: result.future.upper[i] }));
  const next = future.at(-1);
  const written = money ? format.money : format.number;
  const points = pastParts(result).map(({ from, to, value }) => {
    const says = value === null ? words.t("selection.orderedIn", { when: format.month(from.slice(0, 7)) }) : words.t("pick.past", { day: format.shortDay(from), value: written(value) });
    return { date: toDate(from), end: toDate(to), value, key: `past/${from}`, says };
  });
  const single = points.filter(({ value }) => value !== null);
  return draw(width, {
    height: 340,
    marginLeft: 60,
    marginRight: isNarrow(width) ? 20 : 84,
    x: { type: "utc" },
    y: { zero: true, nice: true },
    marks: [
      gridY({ ticks: 5, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 5, tickSize: 0, tickFormat: (/** @type {number} */ d) => (money ? format.axisMoney(d) : format.axisCount(d)), label: words.t(`forecast.of.${result.of}`), labelArrow: "none" }),
      axisX({ ticks: Math.round(width / 160) + 1, tickSize: 4, label: null, tickFormat: (/** @type {Date} */ d) => format.shortMonth(d.toISOString().slice(0, 7)) }),
      areaY(future, { x: "date", y1: "lower", y2: "upper", fill: QUANTITY_LIGHT, fillOpacity: 0.5 }),
      line(past, { x: "date", y: "trend", stroke: MUTED, strokeDasharray: "2,4" }),
      line(past, { x: "date", y: "value", stroke: INK, strokeWidth: 1.5 }),
      dot(single.filter(({ key }) => key === chosen), { x: "date", y: "value", fill: SELECTED, r: 5 }),
      rect(points.filter(({ value }) => value === null), { x1: "date", x2: "end", fill: "transparent", ariaLabel: (/** @type {{ key: string }} */ d) => PICK + d.key, title: "says" }),
      dot(single, { x: "date", y: "value", fill: "transparent", r: 8, ariaLabel: (/** @type {{ key: string }} */ d) => PICK + d.key, title: "says" }),
      line(future, { x: "date", y: "value", stroke: QUANTITY, strokeWidth: 2.5 }),
      dot(future, { x: "date", y: "value", fill: QUANTITY, r: 3 }),
      next ? text([next], { x: "date", y: "upper", text: () => words.t("forecast.expected"), textAnchor: isNarrow(width) ? "end" : "start", dx: isNarrow(width) ? 0 : 6, dy: isNarrow(width) ? -10 : 6, ...LABEL }) : null,
      ruleY([0], { stroke: INK }),
    ],
  });
}

/**
 * How many lie in each range; ranges of customers can be picked.
 * @param {number} width
 * @param {Distribution} found
 * @param {import("./plot.js").Picked} picked
 * @param {string[]} names  whom the ranges stand for; "" where they are not of customers
 * @param {Reading} reading
 */
export function distributionChart(width, found, picked, names, { format, words }) {
  const bound = (/** @type {number} */ n) => (found.isMoney ? format.axisMoney(n) : format.axisCount(n));
  const rows = found.bins.map((bin, i) => {
    const key = `${found.id}/${i}`;
    const who = names[i] ?? "";
    return { ...bin, key, x: bound(bin.from), name: bound(bin.from), part: (picked.parts[key]?.total ?? 0) / Math.max(1, found.count), says: who && words.t("pick.size", { name: who, n: bin.count, count: format.count(bin.count) }) };
  });
  const starts = [...new Set(rows.map((row) => row.name))];
  const step = Math.max(1, Math.ceil((starts.length * 44) / Math.max(100, width - 72)));
  return draw(width, {
    height: 220,
    marginLeft: 48,
    x: { type: "band", domain: starts, padding: 0.08 },
    y: { zero: true },
    marks: [
      gridY({ ticks: 3, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 3, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.share(d), label: words.t(`axis.shareOf.${found.of}`), labelArrow: "none" }),
      axisX({ ticks: starts.filter((_, i) => i % step === 0), tickSize: 0, label: words.t("axis.from"), labelArrow: "none", labelAnchor: "right" }),
      barY(rows, { x: "name", y: "share", fill: QUANTITY }),
      barY(rows.filter((row) => row.part > 0), { x: "name", y: "part", fill: SELECTED }),
      ruleY([0], { stroke: INK }),
      pickColumns(rows.filter((row) => row.says !== "")),
    ],
  });
}

/**
 * Goods as dots in a column and each rule as an arc from the first to the second: wider where it holds more often.
 * @param {number} width
 * @param {BasketResult["rules"]} rules  with one item on each side
 * @param {(item: number) => string} name
 * @param {(rule: BasketResult["rules"][number]) => string} title
 * @param {string} label  the picture in words
 * @param {{ chosen: (rule: BasketResult["rules"][number]) => boolean, pick: (rule: BasketResult["rules"][number]) => void }} picking
 */
export function ruleArcs(width, rules, name, title, label, picking) {
  const items = [...new Set(rules.flatMap((rule) => [rule.antecedent[0] ?? 0, rule.consequent[0] ?? 0]))];
  const row = 24;
  const height = items.length * row + 16;
  const names = Math.min(300, Math.max(120, width * 0.52));
  const reach = Math.max(60, width - names - 24);
  const y = (/** @type {number} */ item) => items.indexOf(item) * row + 20;
  const letters = Math.max(8, Math.floor(names / 8.8));
  const short = (/** @type {string} */ text) => (text.length > letters ? `${text.slice(0, letters - 1)}…` : text);
  const arc = (/** @type {BasketResult["rules"][number]} */ rule) => {
    const [from, to] = [y(rule.antecedent[0] ?? 0), y(rule.consequent[0] ?? 0)];
    const out = names + 14 + reach * Math.min(1, Math.abs(to - from) / (height * 0.75) + 0.12);
    const chosen = picking.chosen(rule);
    const press = () => picking.pick(rule);
    return svg`<path d=${`M${names + 10},${from} C${out},${from} ${out},${to} ${names + 10},${to}`} class="pick-arc" role="button" tabindex="-1" aria-pressed=${chosen} aria-label=${title(rule)}
      fill="none" stroke=${chosen ? SELECTED : QUANTITY} stroke-opacity=${chosen ? 1 : 0.55} stroke-width=${(0.75 + rule.confidence * 5).toFixed(2)}
      @click=${press} @keydown=${(/** @type {KeyboardEvent} */ e) => onKey(e, press)}><title>${title(rule)}</title></path>`;
  };
  return svg`<svg class="plot arcs" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group" aria-label=${label} font-size="13">
    ${rules.map(arc)}
    ${items.map(
      (item) => svg`<circle cx=${names + 8} cy=${y(item)} r="4" fill=${QUANTITY}></circle>
        <text x=${names} y=${y(item) + 4} text-anchor="end" fill=${INK}>${short(name(item))}<title>${name(item)}</title></text>`,
    )}
  </svg>`;
}
