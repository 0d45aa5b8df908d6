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
 * @param {(before: number | null, now: number | null) => { chosen: boolean, says: string, press: () => void }} mark  how a band is picked, or all of one side
 * @param {Reading} reading
 */
export function flowChart(width, { customers, ids }, names, mark, { format }) {
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
  const button = (/** @type {number | null} */ i, /** @type {number | null} */ j, /** @type {(chosen: boolean, says: string) => unknown} */ inner) => {
    const { chosen, says, press } = mark(i, j);
    return svg`<g class="pick" role="button" tabindex="-1" aria-pressed=${chosen} aria-label=${says} @click=${press} @keydown=${(/** @type {KeyboardEvent} */ e) => onKey(e, press)}>${inner(chosen, says)}</g>`;
  };
  /** A segment of one side, with the room of its label. */
  const node = (/** @type {number} */ x, /** @type {number} */ from, /** @type {number | undefined} */ y, /** @type {number} */ size, /** @type {boolean} */ chosen) =>
    svg`<rect x=${x} y=${y} width="4" height=${size * scale} fill=${chosen ? "var(--accent)" : "var(--ink)"}></rect>
      <rect class="ring" x=${from} y=${y} width=${side} height=${Math.max(9, size * scale)} fill="transparent"></rect>`;
  return html`<svg class="flows" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group">
    ${bands
      .filter((band) => band.n > 0 && band.thick > 0.3)
      .map(
        ({ i, j, y0, y1, thick, way }) => button(i, j, (chosen, says) => svg`<path class="ring" d="M${x0} ${y0}C${middle} ${y0} ${middle} ${y1} ${x1} ${y1}v${thick}C${middle} ${y1 + thick} ${middle} ${y0 + thick} ${x0} ${y0 + thick}z" fill=${chosen ? "var(--accent)" : COLOUR[/** @type {"rose"} */ (way)]} fill-opacity=${chosen ? 0.7 : 0.45}><title>${says}</title></path>`),
      )}
    ${before.map((size, i) => (size === 0 ? "" : svg`${button(i, null, (chosen) => node(x0 - 4, 0, left[i], size, chosen))}${label(x0 - 10, left[i] ?? 0, size, names[i] ?? "", "end")}`))}
    ${now.map((size, j) => (size === 0 ? "" : svg`${button(null, j, (chosen) => node(x1, x1, right[j], size, chosen))}${label(x1 + 10, right[j] ?? 0, size, names[j] ?? "", "start")}`))}
  </svg>`;
}
