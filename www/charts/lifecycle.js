/** Bars of the life cycle: new, returning and resurrected customers above the line, dormant ones below. */

import { axisX, axisY, barY, gridY, ruleY } from "@observablehq/plot";
import { INK, LINE, PICK, SELECTED, draw } from "./plot.js";

/** @import { LifecycleResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/** From the line outwards. @type {{ kind: "returning" | "resurrected" | "new" | "dormant", fill: string }[]} */
export const KINDS = [
  { kind: "returning", fill: "var(--q4)" },
  { kind: "resurrected", fill: "var(--q3)" },
  { kind: "new", fill: "var(--q2)" },
  { kind: "dormant", fill: "var(--worse)" },
];

/**
 * Periods that are not over are pale; each part of a bar can be picked.
 * @param {number} width
 * @param {LifecycleResult["periods"]} periods
 * @param {Reading} reading
 * @param {import("./plot.js").Picked} picked
 * @param {string[]} names  of the parts, period by period
 */
export function lifecycleBars(width, periods, { format, words }, picked, names) {
  const rows = periods.period.flatMap((period, i) => {
    let base = 0;
    return KINDS.map(({ kind, fill }, k) => {
      const n = periods[kind][i] ?? 0;
      const [y1, y2] = kind === "dormant" ? [0, -n] : [base, base + n];
      if (kind !== "dormant") base += n;
      const key = `${kind}/${period}`;
      const end = picked.chosen === key ? y2 : y1 + (picked.parts[key]?.total ?? 0);
      return { key, n, period, y1, y2, end, fill, opacity: periods.complete[i] ? 1 : 0.45, says: words.t("pick.size", { name: names[i * KINDS.length + k] ?? "", n, count: format.count(n) }) };
    });
  });
  const step = Math.max(1, Math.ceil((periods.period.length * 60) / Math.max(112, width - 64)));
  const written = (/** @type {string} */ period) => (/^\d{4}-\d{2}$/.test(period) ? format.shortMonth(period) : period);
  return draw(width, {
    height: 320,
    marginLeft: 56,
    x: { type: "band", domain: periods.period, padding: 0.2 },
    y: { nice: true },
    marks: [
      gridY({ ticks: 5, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 5, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.axisCount(Math.abs(d)), label: words.t("axis.customers"), labelArrow: "none" }),
      axisX({ anchor: "bottom", ticks: periods.period.filter((_, i) => i % step === 0), tickSize: 0, tickFormat: written, label: null }),
      barY(rows, { x: "period", y1: "y1", y2: "y2", fill: "fill", fillOpacity: "opacity" }),
      barY(rows.filter(({ y1, end }) => y1 !== end), { x: "period", y1: "y1", y2: "end", fill: SELECTED }),
      ruleY([0], { stroke: INK }),
      barY(rows.filter(({ n }) => n > 0), { x: "period", y1: "y1", y2: "y2", fill: "transparent", ariaLabel: ({ key }) => PICK + key, title: "says" }),
    ],
  });
}

/**
 * What the last whole period brought and took.
 * @param {LifecycleResult["periods"]} periods @param {Reading} reading
 */
export function lifecycleTitle({ period, complete, ...kinds }, { words, format }) {
  const last = Math.max(0, complete.lastIndexOf(true));
  const name = period[last] ?? "";
  return words.t("time.lifecycleTitle", { month: /^\d{4}-\d{2}$/.test(name) ? format.month(name) : name, fresh: format.count(kinds.new[last]), gone: format.count(kinds.dormant[last]) });
}
