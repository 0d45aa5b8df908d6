/** Pictures of learned groups: how many there are, and how they hang together. */

import { axisX, axisY, dot, gridY, line, ruleX } from "@observablehq/plot";
import { html, svg } from "lit";
import { INK, LINE, QUANTITY, draw } from "./plot.js";

/** @import { ClusterResult } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/**
 * Silhouette or gap by number of groups.
 * @param {number} width
 * @param {ClusterResult} result
 * @param {"silhouette" | "gap"} of
 * @param {Reading} reading
 */
export function choiceChart(width, { choices, k }, of, { format, words }) {
  return draw(width, {
    height: 220,
    marginLeft: 56,
    x: { type: "point", domain: choices.map((choice) => choice.k) },
    y: { nice: true, zero: of === "silhouette" },
    marks: [
      gridY({ ticks: 4, stroke: LINE, strokeOpacity: 1 }),
      axisY({ ticks: 4, tickSize: 0, tickFormat: (/** @type {number} */ d) => format.decimal(d), label: words.t(`clusters.${of}`), labelArrow: "none" }),
      axisX({ tickSize: 0, label: words.t("clusters.groups") }),
      ruleX([k], { stroke: INK, strokeDasharray: "3,3" }),
      ...(of === "gap" ? [ruleX(choices, { x: "k", y1: (/** @type {{ gap: number, gapError: number }} */ d) => d.gap - d.gapError, y2: (/** @type {{ gap: number, gapError: number }} */ d) => d.gap + d.gapError, stroke: QUANTITY })] : []),
      line(choices, { x: "k", y: of, stroke: QUANTITY, strokeWidth: 2 }),
      dot(choices, { x: "k", y: of, fill: (/** @type {{ bySilhouette: boolean, byGap: boolean }} */ d) => ((of === "gap" ? d.byGap : d.bySilhouette) ? INK : QUANTITY), r: 5 }),
    ],
  });
}

/**
 * The hierarchy, cut where as many groups are left as were asked for.
 * @param {number} width
 * @param {ClusterResult} result
 * @param {Reading} reading
 */
export function dendrogram(width, { hierarchy, k }, { format, words }) {
  const { merges, leaves, sizes } = hierarchy;
  const [height, left, bottom] = [320, 48, 40];
  const top = 16;
  const highest = Math.max(...merges.map((merge) => merge.height), 1e-9);
  const y = (/** @type {number} */ h) => top + (1 - h / highest) * (height - top - bottom);
  /** @type {number[]} */
  const order = [];
  const walk = (/** @type {number} */ node) => {
    const merge = merges[node - leaves];
    if (!merge) order.push(node);
    else [merge.a, merge.b].forEach(walk);
  };
  walk(leaves + merges.length - 1);
  const step = (width - left - 16) / Math.max(1, order.length);
  /** @type {Map<number, { x: number, h: number }>} */
  const at = new Map(order.map((leaf, i) => [leaf, { x: left + (i + 0.5) * step, h: 0 }]));
  const paths = merges.map((merge, i) => {
    const [a, b] = [at.get(merge.a) ?? { x: 0, h: 0 }, at.get(merge.b) ?? { x: 0, h: 0 }];
    at.set(leaves + i, { x: (a.x + b.x) / 2, h: merge.height });
    return svg`<path d="M${a.x} ${y(a.h)}V${y(merge.height)}H${b.x}V${y(b.h)}" fill="none" stroke=${i >= merges.length - (k - 1) ? "var(--ink)" : "var(--q3)"} stroke-width="1.5"><title>${words.t("clusters.join", { count: format.count(merge.size), height: format.decimal(merge.height, 1) })}</title></path>`;
  });
  const [below, above] = [merges[merges.length - k]?.height ?? 0, merges[merges.length - k + 1]?.height ?? highest];
  const cut = y((below + above) / 2);
  const ticks = [0, 0.5, 1].map((part) => part * highest);
  return html`<svg class="tree" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="img">
    ${ticks.map((tick) => svg`<text x=${left - 8} y=${y(tick) + 4} class="axis" text-anchor="end">${format.number(tick)}</text>`)}
    ${paths}
    <path d="M${left} ${cut}H${width - 16}" stroke="var(--accent)" stroke-dasharray="4,4"></path>
    ${order.map((leaf, i) => (i % Math.ceil(26 / step) ? "" : svg`<text x=${left + (i + 0.5) * step} y=${height - bottom + 18} class="axis" text-anchor="middle">${format.axisCount(sizes[leaf])}</text>`))}
    <text x=${left} y=${height - 4} class="axis">${words.t("clusters.leafAxis")}</text>
  </svg>`;
}
