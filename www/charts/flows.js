/** Flows between two columns: bands as wide as the customers who went that way. */

import { html, svg } from "lit";
import { onKey } from "./plot.js";

/** @import { Movement } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/** By the way that customers went. */
export const COLOUR = { rose: "var(--q4)", fell: "var(--worse)", stayed: "var(--line-strong)", arrived: "var(--q2)" };

/**
 * @param {number} width
 * @param {Movement} movement
 * @param {string[]} names  of the segments, then of those who were no customers yet
 * @param {{ chosen: (segment: string) => boolean, pick: (segment: string, name: string) => void }} picking  of the segments of the later day
 * @param {Reading} reading
 */
export function flowChart(width, { customers, ids }, names, picking, { format, words }) {
  const height = 460;
  const narrow = width < 480;
  const side = narrow ? 96 : 168;
  const gap = 6;
  const before = customers.map((row) => row.reduce((sum, n) => sum + n, 0));
  const now = ids.map((_, j) => customers.reduce((sum, row) => sum + (row[j] ?? 0), 0));
  const all = Math.max(now.reduce((sum, n) => sum + n, 0), 1);
  const scale = (height - gap * before.length) / all;
  const starts = (/** @type {number[]} */ sizes) => {
    let y = 0;
    return sizes.map((size) => {
      const at = y;
      y += size * scale + (size > 0 ? gap : 0);
      return at;
    });
  };
  const [left, right] = [starts(before), starts(now)];
  const [used, taken] = [before.map(() => 0), now.map(() => 0)];
  const bands = customers.flatMap((row, i) =>
    row.map((n, j) => {
      const thick = n * scale;
      const y0 = (left[i] ?? 0) + (used[i] ?? 0);
      const y1 = (right[j] ?? 0) + (taken[j] ?? 0);
      used[i] = (used[i] ?? 0) + thick;
      taken[j] = (taken[j] ?? 0) + thick;
      const way = i === ids.length ? "arrived" : j < i ? "rose" : j > i ? "fell" : "stayed";
      return { i, j, n, y0, y1, thick, way };
    }),
  );
  const middle = width / 2;
  const [x0, x1] = [side, width - side];
  const short = (/** @type {string} */ name) => (narrow && name.length > 12 ? `${name.slice(0, 10)}…` : name);
  const label = (/** @type {number} */ x, /** @type {number} */ y, /** @type {number} */ size, /** @type {string} */ name, /** @type {"start" | "end"} */ anchor) =>
    size * scale < 9 ? "" : svg`<text x=${x} y=${y + (size * scale) / 2 + 4} text-anchor=${anchor} class="axis">${short(name)}${narrow ? "" : ` ${format.count(size)}`}</text>`;
  return html`<svg class="flows" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group" aria-label=${words.t("movement.flowTitle")}>
    ${bands
      .filter((band) => band.n > 0 && band.thick > 0.3)
      .map(
        ({ i, j, n, y0, y1, thick, way }) => svg`<path d="M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}v${thick}C${middle} ${y1 + thick} ${middle} ${y0 + thick} ${x0} ${y0 + thick}z" fill=${COLOUR[/** @type {"rose"} */ (way)]} fill-opacity="0.45">
          <title>${words.t("movement.band", { from: names[i], to: names[j], count: format.count(n) })}</title></path>`,
      )}
    ${before.map((size, i) => svg`<rect x=${x0 - 4} y=${left[i]} width="4" height=${size * scale} fill="var(--ink)"></rect>${label(x0 - 10, left[i] ?? 0, size, names[i] ?? "", "end")}`)}
    ${now.map((size, j) => {
      const [id, name] = [ids[j] ?? "", names[j] ?? ""];
      const press = () => picking.pick(id, name);
      if (size === 0) return "";
      return svg`<g class="pick" role="button" tabindex="0" aria-pressed=${picking.chosen(id)} aria-label="${name}: ${format.count(size)}" @click=${press} @keydown=${(/** @type {KeyboardEvent} */ e) => onKey(e, press)}>
        <rect x=${x1} y=${right[j]} width="4" height=${size * scale} fill=${picking.chosen(id) ? "var(--accent)" : "var(--ink)"}></rect>
        <rect class="ring" x=${x1} y=${right[j]} width=${side} height=${Math.max(9, size * scale)} fill="transparent"></rect>${label(x1 + 10, right[j] ?? 0, size, name, "start")}</g>`;
    })}
  </svg>`;
}
