/** Pictures of the segments: a treemap by money or customers, the grid of recency and frequency. */

import { hierarchy, treemap, treemapSquarify } from "d3-hierarchy";
import { html, nothing, svg } from "lit";
import { onKey } from "./plot.js";

/** @import { RfmOptions, RfmResult, Segment } from "../../pkg/types.d.ts" */
/** @typedef {import("./value.js").Reading} Reading */

/**
 * Eleven segments in five families, each with one colour.
 * @type {Record<string, "best" | "growing" | "cooling" | "risk" | "gone">}
 */
export const FAMILY = {
  champions: "best",
  loyal: "best",
  "potential-loyalist": "growing",
  new: "growing",
  promising: "growing",
  "need-attention": "cooling",
  "about-to-sleep": "cooling",
  "at-risk": "risk",
  "cannot-lose-them": "risk",
  hibernating: "gone",
  lost: "gone",
  recent: "growing",
  inactive: "gone",
};

/** How much wider than high the cells of the treemap are to be. */
const LANDSCAPE = 1.7;

export const FAMILIES = /** @type {const} */ (["best", "growing", "cooling", "risk", "gone"]);

/** @typedef {typeof FAMILIES[number]} Family */

/** The family of a segment: its own, or what the user said of an own one. @param {string} id @param {RfmOptions} [options] @returns {Family} */
export function familyOf(id, { map } = {}) {
  const entry = Array.isArray(map) ? map.find((one) => one.id === id) : undefined;
  return FAMILY[id] ?? /** @type {{ family?: Family } | undefined} */ (entry)?.family ?? "gone";
}

/** Rough width of a text in the system's sans, to know what fits. @param {string} text @param {number} size */
const textWidth = (text, size) => [...text].reduce((sum, c) => sum + (c.charCodeAt(0) > 0x2e7f ? 1 : 0.6), 0) * size;

/** A name in lines: at its spaces, or in halves where the script has none. @param {string} name */
const broken = (name) => (name.includes(" ") || name.charCodeAt(0) < 0x2e80 ? name.split(" ") : (name.match(new RegExp(`.{1,${Math.ceil(name.length / 2)}}`, "gu")) ?? []));

/**
 * @typedef {object} Picking
 * @property {(id: string) => boolean} isSelected
 * @property {(id: string) => void} pick
 * @property {(id: string) => string} family
 * @property {Record<string, { total: number, revenue: number }>} parts
 */

/**
 * @param {number} width
 * @param {Segment[]} segments
 * @param {"customers" | "revenue"} by
 * @param {Picking} picking
 * @param {Reading} reading
 */
export function segmentTreemap(width, segments, by, picking, { format, words }) {
  const height = width < 480 ? 520 : 400;
  const shown = segments.filter((segment) => segment[by] > 0);
  const root = hierarchy(/** @type {any} */ ({ children: shown })).sum((d) => d[by] ?? 0);
  root.sort((a, b) => (b.value ?? 0) - (a.value ?? 0));
  // Laid out narrower and drawn wider: names need width more than height.
  treemap().size([width / LANDSCAPE, height]).tile(treemapSquarify.ratio(1.2))(root);
  /** Those too small for their name carry a number, which is explained below. @type {string[]} */
  const short = [];
  const cells = /** @type {{ x0: number, x1: number, y0: number, y1: number, data: Segment }[]} */ (/** @type {unknown} */ (root.leaves()));
  const picture = html`<svg class="treemap" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group" aria-label=${words.t("segments.treemapLabel")}>
    ${cells.map(({ x0: left, x1: right, y0: above, y1: below, data }) => {
      // The gap between cells, less of it where a cell is thinner than the gap.
      const gap = Math.min(1, ((right - left) * LANDSCAPE) / 4, (below - above) / 4);
      const [x0, x1, y0, y1] = [left * LANDSCAPE + gap, right * LANDSCAPE - gap, above + gap, below - gap];
      const [w, h] = [x1 - x0, y1 - y0];
      const name = words.has(`segment.${data.id}`) ? words.t(`segment.${data.id}`) : data.id;
      const size = w > 150 && h > 90 ? 18 : 13;
      const fits = (/** @type {string} */ text) => textWidth(text, size) < w - 10;
      const titles = fits(name) ? [name] : broken(name);
      const lines = [
        ...titles.map((text) => ({ text, size, weight: 600 })),
        { text: by === "revenue" ? format.money(data.revenue) : words.t("count.customers", { n: data.customers, count: format.count(data.customers) }), size: 13, weight: 400 },
        { text: format.share(by === "revenue" ? data.revenueShare : data.share), size: 13, weight: 400 },
      ];
      const named = titles.every(fits) && 4 + titles.length * (size + 5) < h;
      const turned = textWidth(name, 13) < h - 12 ? [name] : broken(name);
      const upright = !named && w > 18 * turned.length + 4 && turned.every((text) => textWidth(text, 13) < h - 12);
      let y = y0 + 4;
      const miss = lines.findIndex((line) => {
        y += line.size + 5;
        return !named || y >= y1 || textWidth(line.text, line.size) >= w - 10;
      });
      const fitting = miss < 0 ? lines : lines.slice(0, miss);
      const part = picking.parts[data.id];
      const chosen = picking.isSelected(data.id);
      const label = words.t(`segments.cellLabel.${by}`, { name, count: format.count(data.customers), n: data.customers, share: format.share(data.share), money: format.money(data.revenue), moneyShare: format.share(data.revenueShare) });
      let at = y0 + 6;
      const nameless = !upright && fitting.length === 0;
      if (nameless) short.push(words.t("segments.treemapShort", { n: short.length + 1, name, share: format.share(by === "revenue" ? data.revenueShare : data.share) }));
      return svg`<g class="pick" role="button" tabindex="-1" aria-pressed=${chosen}
          @click=${() => picking.pick(data.id)} @keydown=${(/** @type {KeyboardEvent} */ e) => onKey(e, () => picking.pick(data.id))}>
        <title>${label}</title>
        <rect x=${x0} y=${y0} width=${w} height=${h} fill="var(--${picking.family(data.id)})"></rect>
        ${part && part.total > 0 ? svg`<rect x=${x0} y=${y1 - Math.min(6, h)} width=${w * Math.min(1, part.total / data.customers)} height=${Math.min(6, h)} fill="var(--accent)"></rect>` : nothing}
        ${fitting.map((line) => {
          at += line.size;
          const node = svg`<text x=${x0 + 8} y=${at} font-size=${line.size} font-weight=${line.weight} fill="var(--family-ink)">${line.text}</text>`;
          at += 5;
          return node;
        })}
        ${upright
          ? turned.map((text, i) => {
              const x = x0 + w / 2 + 9 * (turned.length - 1) - 18 * i;
              return svg`<text x=${x} y=${y0 + 8} transform="rotate(90 ${x} ${y0 + 8})" dominant-baseline="central" font-size="13" font-weight="600" fill="var(--family-ink)">${text}</text>`;
            })
          : nothing}
        ${nameless ? svg`<text x=${x0 + w / 2} y=${y0 + h / 2} text-anchor="middle" dominant-baseline="central" font-size=${Math.min(13, w - 2, h - 2)} font-weight="600" fill="var(--family-ink)">${short.length}</text>` : nothing}
        <rect class="ring" x=${x0 + 1.5} y=${y0 + 1.5} width=${Math.max(0, w - 3)} height=${Math.max(0, h - 3)} fill="none" stroke=${chosen ? "var(--accent)" : "none"} stroke-width="3"></rect>
      </g>`;
    })}
  </svg>`;
  return short.length > 0 ? html`${picture}<p class="caption">${short.join(" · ")}</p>` : picture;
}

/** What each recency score means in days, best first. @param {RfmResult} result @param {Reading} reading */
const recencyLabels = ({ cuts, bins }, { format, words }) =>
  Array.from({ length: bins }, (_, i) => {
    const score = bins - i;
    const most = score === 1 ? null : (cuts.recencyDays[score - 2] ?? null);
    const least = score === bins ? null : (cuts.recencyDays[score - 1] ?? null);
    if (most !== null) return words.t("grid.upToDays", { n: most, days: format.count(most) });
    return least === null ? format.count(score) : words.t("grid.overDays", { n: least, days: format.count(least) });
  });

/** What each frequency score means in orders. @param {RfmResult} result @param {Reading} reading */
const orderLabels = ({ cuts, bins }, { format, words }) =>
  Array.from({ length: bins }, (_, i) => {
    const least = i === 0 ? 1 : (cuts.orders[i - 1] ?? null);
    if (least === null) return "–";
    const next = cuts.orders.slice(i).find((cut) => cut !== null) ?? null;
    if (next === null) return words.t("grid.andMore", { n: format.count(least) });
    return next - 1 <= least ? format.count(least) : `${format.count(least)}–${format.count(next - 1)}`;
  });

/**
 * @param {number} width
 * @param {RfmResult} result
 * @param {{ isSelected: (r: number, f: number) => boolean, pick: (r: number, f: number) => void, parts: Picking["parts"] }} picking
 * @param {Reading} reading
 */
export function recencyGrid(width, result, picking, reading) {
  const { format, words } = reading;
  const { bins, grid } = result;
  const left = width < 420 ? 62 : 84;
  const [top, bottom] = [22, 48];
  // A score that nobody has, because equal customers share one, would be a dead column.
  const columns = Array.from({ length: bins }, (_, j) => j).filter((j) => grid.some((row) => (row[j]?.customers ?? 0) > 0));
  const scores = Array.from({ length: bins }, (_, i) => bins - i).filter((r) => (grid[r - 1] ?? []).some((c) => c.customers > 0));
  const cell = (width - left) / Math.max(columns.length, 1);
  const tall = Math.min(64, Math.max(48, cell * 0.74));
  const height = top + scores.length * tall + bottom;
  const most = Math.max(...grid.flat().map((c) => c.customers), 1);
  const rows = recencyLabels(result, reading);
  const heads = orderLabels(result, reading);
  return html`<svg class="grid" width=${width} height=${height} viewBox="0 0 ${width} ${height}" role="group" aria-label=${words.t("segments.gridLabel")}>
    <text x="0" y="12" class="axis">${words.t("axis.lastOrder")}</text>
    ${scores.map((r, i) => {
      const label = rows[bins - r];
      const y = top + i * tall;
      return svg`<text x=${left - 8} y=${y + tall / 2 + 4} class="axis" text-anchor="end">${label}</text>
        ${columns.map((j, place) => {
          const c = grid[r - 1]?.[j] ?? { customers: 0, revenue: 0 };
          const f = j + 1;
          const x = left + place * cell;
          const chosen = picking.isSelected(r, f);
          const strength = c.customers / most;
          const part = picking.parts[`${r}/${f}`];
          const title = words.t("grid.cellLabel", { r, f, n: c.customers, count: format.count(c.customers), money: c.customers > 0 ? format.axisMoney(c.revenue) : "" });
          return svg`<g class="pick" role="button" tabindex="-1" aria-pressed=${chosen}
              @click=${() => picking.pick(r, f)} @keydown=${(/** @type {KeyboardEvent} */ e) => onKey(e, () => picking.pick(r, f))}>
            <title>${title}</title>
            <rect x=${x + 1} y=${y + 1} width=${cell - 2} height=${tall - 2} fill="var(--q0)"></rect>
            <rect x=${x + 1} y=${y + 1} width=${cell - 2} height=${tall - 2} fill="var(--q3)" fill-opacity=${strength.toFixed(3)}></rect>
            ${part && part.total > 0 ? svg`<rect x=${x + 1} y=${y + tall - 6} width=${(cell - 2) * Math.min(1, part.total / c.customers)} height="5" fill="var(--accent)"></rect>` : nothing}
            <text x=${x + cell / 2} y=${y + tall / 2 - 1} text-anchor="middle" font-size=${cell > 56 ? 15 : 13} font-weight="600" fill="var(--ink)">${format.count(c.customers)}</text>
            <text x=${x + cell / 2} y=${y + tall / 2 + 16} text-anchor="middle" font-size=${cell > 52 ? 13 : 11} fill="var(--ink)">${c.customers > 0 ? format.axisMoney(c.revenue) : ""}</text>
            <rect class="ring" x=${x + 2.5} y=${y + 2.5} width=${cell - 5} height=${tall - 5} fill="none" stroke=${chosen ? "var(--accent)" : "none"} stroke-width="3"></rect>
          </g>`;
        })}`;
    })}
    ${columns.map((j, place) => svg`<text x=${left + (place + 0.5) * cell} y=${height - bottom + 18} text-anchor="middle" class="axis">${heads[j]}</text>`)}
    <text x=${width} y=${height - 8} text-anchor="end" class="axis">${words.t("axis.ordersSoFar")}</text>
  </svg>`;
}
