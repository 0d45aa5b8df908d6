/** Pictures of future value: concentration, the held-out days by frequency. */

import { areaY, axisX, axisY, dot, gridY, line, lineY, link, rect, ruleY, text } from "@observablehq/plot";
import { INK, LABEL, LINE, MUTED, PICK, QUANTITY, QUANTITY_LIGHT, SELECTED, draw, isNarrow } from "./plot.js";

/** @import { LifetimeResult } from "../../pkg/types.d.ts" */
/** @typedef {{ format: import("../format.js").Format, words: import("../words.js").Words }} Reading */

/**
 * Cumulative share of future value, richest customers first; every tenth can be picked.
 * @param {number} width
 * @param {number[]} concentration
 * @param {Reading} reading
 * @param {boolean} [small]
 * @param {number | null} [chosen]  the share of customers, richest first, that is selected, if one is
 */
export function concentrationChart(width, concentration, { format, words }, small = false, chosen = null) {
  const last = concentration.length - 1;
  const points = concentration.map((value, i) => ({ customers: i / last, value }));
  const tenth = points[Math.round(last / 10)];
  const marks = [
    areaY(points, { x: "customers", y: "value", fill: QUANTITY_LIGHT, fillOpacity: 0.45 }),
    chosen === null ? null : areaY(points.filter((point) => point.customers <= chosen + 0.5 / last), { x: "customers", y: "value", fill: SELECTED, fillOpacity: 0.6 }),
    lineY(points, { x: "customers", y: "value", stroke: QUANTITY, strokeWidth: 2 }),
    ruleY([0], { stroke: INK }),
    tenth ? dot([tenth], { x: "customers", y: "value", fill: INK, r: 3.5 }) : null,
    tenth
      ? text([tenth], {
          x: "customers",
          y: "value",
          text: () => words.t("chart.topTenth", { share: format.share(tenth.value) }),
          textAnchor: "start",
          // Where the curve is flat it would lie on it.
          dx: tenth.value < 0.25 ? (small ? 56 : 24) : 10,
          dy: tenth.value < 0.25 && small ? 0 : 6,
          fill: INK,
          fontWeight: 600,
        })
      : null,
  ];
  if (small) {
    return draw(width, {
      height: 112,
      marginLeft: 4,
      marginRight: 4,
      marginTop: 8,
      marginBottom: 20,
      x: { domain: [0, 1], axis: null },
      y: { domain: [0, 1], axis: null },
      marks: [
        ...marks,
        text([{ x: 0 }], { x: "x", y: 0, text: () => words.t("chart.richest"), textAnchor: "start", dy: 12, fill: MUTED }),
        text([{ x: 1 }], { x: "x", y: 0, text: () => words.t("chart.everyone"), textAnchor: "end", dy: 12, fill: MUTED }),
      ],
    });
  }
  const tenths = Array.from({ length: 10 }, (_, i) => {
    const value = points[Math.round(((i + 1) * last) / 10)]?.value ?? 0;
    return { x1: i / 10, x2: (i + 1) / 10, key: `${PICK}top/${i + 1}`, says: words.t("pick.top", { share: format.share((i + 1) / 10), value: format.share(value) }) };
  });
  return draw(width, {
    height: 320,
    x: { domain: [0, 1] },
    y: { domain: [0, 1] },
    marks: [
      gridY({ ticks: 5, stroke: LINE, strokeOpacity: 1 }),
      axisX({ ticks: isNarrow(width) ? 3 : 5, tickFormat: (/** @type {number} */ d) => format.share(d), tickSize: 0, label: words.t("axis.customersRichestFirst"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: 5, tickFormat: (/** @type {number} */ d) => format.share(d), tickSize: 0, label: words.t("axis.shareOfValue"), labelArrow: "none" }),
      line([{ x: 0, y: 0 }, { x: 1, y: 1 }], { x: "x", y: "y", stroke: MUTED, strokeDasharray: "2,4" }),
      ...marks,
      text([{ x: 1, y: 0.28 }], { x: "x", y: "y", text: () => words.t("chart.ifAllEqual"), textAnchor: "end", dx: -8, fill: MUTED }),
      rect(tenths, { x1: "x1", x2: "x2", fill: "transparent", ariaLabel: "key", title: "says" }),
    ],
  });
}

/**
 * Mean orders in the held-out time by repeat orders before it.
 * @param {number} width
 * @param {NonNullable<LifetimeResult["holdout"]>} holdout
 * @param {string | null} chosen
 * @param {string[]} said  whom the points stand for; none where they are not customers to be told
 * @param {Reading} reading
 */
export function holdoutChart(width, holdout, chosen, said, { format, words }) {
  const { frequency, actual, expected } = holdout.byFrequency;
  const top = frequency.length - 1;
  const name = (/** @type {number} */ f) => (f === frequency[top] ? words.t("chart.andMore", { n: format.count(f) }) : format.count(f));
  const points = frequency.map((f, i) => ({ f, key: `held/${f}`, actual: actual[i] ?? NaN, expected: expected[i] ?? NaN, says: said[i] }));
  const last = points.at(-1);
  return draw(width, {
    height: 300,
    marginRight: isNarrow(width) ? 84 : 108,
    x: { type: "point", padding: 0.5 },
    y: { zero: true, nice: true },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisX({ tickFormat: name, tickSize: 0, label: words.t("axis.repeatsBefore"), labelArrow: "none", labelAnchor: "right" }),
      axisY({ ticks: 4, tickSize: 0, label: words.t("axis.meanOrders"), labelArrow: "none" }),
      ruleY([0], { stroke: INK }),
      link(points, { x1: "f", x2: "f", y1: "actual", y2: "expected", stroke: MUTED, strokeWidth: 1.5 }),
      dot(points, { x: "f", y: "actual", fill: ({ key }) => (key === chosen ? SELECTED : INK), r: 4.5 }),
      dot(points, { x: "f", y: "expected", fill: "var(--paper)", stroke: QUANTITY, strokeWidth: 2, r: 4.5 }),
      last ? text([last], { x: "f", y: "actual", text: () => words.t("chart.counted"), textAnchor: "start", dx: 12, ...LABEL, fill: INK }) : null,
      last ? text([last], { x: "f", y: "expected", text: () => words.t("chart.expected"), textAnchor: "start", dx: 12, ...LABEL, fill: QUANTITY }) : null,
      dot(said.length > 0 ? points : [], { x: "f", y: "actual", fill: "transparent", r: 12, ariaLabel: ({ key }) => PICK + key, title: "says" }),
    ],
  });
}
