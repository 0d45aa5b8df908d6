/** How customers are scored: method, bins, borders, windows, weights, the sizes of the scores, the map of the cells. */

import { html, nothing } from "lit";
import { FAMILIES, FAMILY, familyOf } from "../../charts/segments.js";
import { cellPick, isChosen, numberField } from "../parts.js";
import { choice, segmentWords } from "./parts.js";

/** @import { RfmOptions, RfmResult } from "../../../pkg/types.d.ts" */
/** @import { OwnSegment } from "../../state.js" */
/** @typedef {import("../parts.js").Context} Context */

/** @type {NonNullable<RfmOptions["method"]>[]} */
const METHODS = ["quantile", "nested", "thresholds", "kmeans", "klaviyo"];
/** @type {("recencyDays" | "orders" | "revenue")[]} */
const DIMENSIONS = ["recencyDays", "orders", "revenue"];
const SCORE = { recencyDays: "rScore", orders: "fScore", revenue: "mScore" };
/** @type {{ recencyDays: "recency", orders: "orders", revenue: "revenue" }} */
const WEIGHT = { recencyDays: "recency", orders: "orders", revenue: "revenue" };

/** @param {RfmResult} result @param {Context} context */
export function scoring(result, context) {
  const { state, words, actions } = context;
  const { t } = words;
  const { rfm } = state.options;
  const set = (/** @type {RfmOptions} */ patch) => actions.setOption("rfm", patch);
  // Another number of scores has other cells: an own map of them goes, and so does one being edited.
  const rescale = (/** @type {RfmOptions} */ patch, /** @type {boolean} */ other) => {
    if (other) actions.setSegmenting({ map: null });
    set({ ...patch, cuts: undefined, ...(other && Array.isArray(rfm.map) ? { map: undefined } : {}) });
  };
  return html`<details class="scoring">
    <summary><h2>${t("scoring.title", { method: t(`method.${result.method}`), bins: result.bins })}</h2></summary>
    <div class="options">
      ${choice(t("scoring.method"), METHODS, result.method, (method) => t(`method.${method}`), (method) => rescale({ method }, method === "klaviyo" || result.method === "klaviyo"))}
      ${result.method === "klaviyo" ? nothing : numberField({ label: t("scoring.bins"), value: result.bins, min: 3, max: 10, set: (bins) => rescale({ bins }, true) })}
      ${DIMENSIONS.map((dimension) =>
        numberField({ label: t("scoring.window", { dimension: t(`column.${dimension}`) }), unit: t("unit.days"), placeholder: t("scoring.whole"), value: result.windows[dimension] ?? undefined, min: 1, max: 3650, set: (days) => set({ windows: { ...result.windows, [dimension]: days ?? null } }) }),
      )}
      ${DIMENSIONS.map((dimension) =>
        numberField({ label: t("scoring.weight", { dimension: t(`column.${dimension}`) }), value: result.weights[WEIGHT[dimension]], min: 0, max: 100, step: 0.1, set: (weight) => set({ weights: { ...result.weights, [WEIGHT[dimension]]: weight ?? 1 } }) }),
      )}
    </div>
    <p class="sub">${t(`method.${result.method}.what`)}</p>
    ${sizes(result, context)} ${mapEditor(result, context)}
  </details>`;
}

/** The border and the size of each score. @param {RfmResult} result @param {Context} context */
function sizes(result, context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { bins, method } = result;
  const scores = Array.from({ length: bins }, (_, i) => i + 1);
  const written = { recencyDays: format.count, orders: format.count, revenue: format.cents };
  const typed = method === "thresholds";
  const border = (/** @type {"recencyDays" | "orders" | "revenue"} */ dimension, /** @type {number} */ score) => {
    if (score === 1) return t("scoring.rest");
    if (typed) {
      const cuts = result.thresholds[dimension];
      return html`<input type="number" class="small" step="any" aria-label=${t("scoring.borderOf", { dimension: t(`column.${dimension}`), score })} .value=${String(cuts[score - 2] ?? "")}
        @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => {
          const input = e.currentTarget;
          const next = cuts.map((cut, i) => (i === score - 2 ? Number(input.value) : cut));
          // Days fall from score to score, orders and revenue rise; what does neither is said at once and not applied.
          const better = (/** @type {number} */ a, /** @type {number} */ b) => (dimension === "recencyDays" ? b < a : b > a);
          const sound = input.value !== "" && next.every((cut, i) => i === 0 || better(next[i - 1] ?? NaN, cut));
          input.setCustomValidity(sound ? "" : t(dimension === "recencyDays" ? "scoring.falling" : "scoring.rising"));
          if (!input.reportValidity()) return;
          actions.setOption("rfm", { cuts: { ...state.options.rfm.cuts, [dimension]: next } });
        }} />`;
    }
    // Of borders within borders there are as many as groups: one of them would be none of the others.
    if (method === "nested" && dimension !== "recencyDays") return t("scoring.within");
    const cut = result.cuts[dimension][score - 2];
    if (cut === null || cut === undefined) return t("scoring.nobody");
    return t(dimension === "recencyDays" ? "scoring.upTo" : "scoring.from", { value: written[dimension](cut) });
  };
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("scoring.sizes")}>
    <table class="ruled" data-roam>
      <thead><tr><th scope="col">${t("scoring.score")}</th>${DIMENSIONS.map((dimension) => html`<th scope="col">${t(`column.${dimension}`)}</th><th scope="col" class="right">${t("segments.colCustomers")}</th>`)}</tr></thead>
      <tbody>
        ${[...scores].reverse().map(
          (score) => html`<tr><th scope="row">${score}</th>${DIMENSIONS.map((dimension) => {
            const size = result.binSizes[dimension][score - 1] ?? 0;
            const column = SCORE[dimension];
            const where = { [column]: score };
            const say = () => t("selection.at", { when: t(`column.${column}`), what: score });
            return html`<td>${border(dimension, score)}</td><td class="right">${size === 0 ? html`<span class="caption">${t("scoring.empty")}</span>` : cellPick(format.count(size), say(), isChosen(context, where), () => actions.choose(where, say))}</td>`;
          })}</tr>`,
        )}
      </tbody>
    </table>
  </div>
  ${method === "nested" ? html`<p class="caption">${t("scoring.nestedNote", { count: format.count(result.nested.length) })}</p>` : nothing}`;
}

/** Which cells make which segment; changed cell by cell, checked as a whole before it applies. @param {RfmResult} result @param {Context} context */
function mapEditor(result, context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { map: draft, mapSegment } = state.segmenting;
  const own = Array.isArray(state.options.rfm.map);
  const builtIn = html`${own ? html`<button type="button" class="plain" @click=${() => actions.setOption("rfm", { map: undefined })}>${t("map.builtIn")}</button>` : nothing}`;
  if (!draft) {
    return html`<p class="buttons"><button type="button" class="plain" @click=${() => actions.setSegmenting({ map: result.map.map(({ id, cells }) => ({ id: segmentWords(words, id), cells: [...cells], family: familyOf(id, state.options.rfm) })), mapSegment: 0 })}>${t("map.edit")}</button>${builtIn}</p>`;
  }
  const name = (/** @type {number} */ r, /** @type {number} */ f, /** @type {number} */ m) => (Math.max(r, f, m) > 9 ? `${r}-${f}-${m}` : `${r}${f}${m}`);
  const at = Array.from({ length: result.bins }, (_, i) => i + 1);
  const all = [...at].reverse().flatMap((r) => [...at].reverse().flatMap((f) => [...at].reverse().map((m) => name(r, f, m))));
  const holders = new Map(all.map((cell) => [cell, draft.flatMap((entry, i) => (entry.cells.includes(cell) ? [i] : []))]));
  const gaps = all.filter((cell) => holders.get(cell)?.length === 0);
  const twice = all.filter((cell) => (holders.get(cell)?.length ?? 0) > 1);
  const names = draft.map((entry) => entry.id.trim());
  const empty = draft.filter(({ cells }, i) => cells.length === 0 && (i >= result.map.length || (result.map[i]?.cells.length ?? 0) > 0));
  // A segment that keeps the name of a built-in one stays that one, with its advice and colour.
  const builtInId = (/** @type {string} */ name) => Object.keys(FAMILY).find((id) => segmentWords(words, id) === name) ?? name;
  const unnamed = names.some((name, i) => name === "" || names.indexOf(name) !== i);
  const give = (/** @type {string} */ cell) =>
    actions.setSegmenting({ map: draft.map((entry, i) => ({ ...entry, cells: i === mapSegment ? [...entry.cells.filter((c) => c !== cell), cell] : entry.cells.filter((c) => c !== cell) })) });
  const alter = (/** @type {number} */ place, /** @type {Partial<OwnSegment>} */ patch) => actions.setSegmenting({ map: draft.map((entry, i) => (i === place ? { ...entry, ...patch } : entry)) });
  const colour = (/** @type {OwnSegment | undefined} */ entry) => (entry ? (FAMILY[builtInId(entry.id.trim())] ?? entry.family) : "line");
  return html`<section class="map-editor">
    <h3>${t("map.title")}</h3>
    <p class="sub">${t("map.how")}</p>
    <div class="map-segments" role="group" aria-label=${t("map.segments")}>
      ${draft.map(
        (entry, i) => html`<span class="map-segment">
          <button type="button" class="chip" aria-pressed=${i === mapSegment} aria-label=${t("map.giveTo", { name: entry.id })} @click=${() => actions.setSegmenting({ mapSegment: i })}>${i + 1}</button>
          <input type="text" aria-label=${t("map.name", { n: i + 1 })} .value=${entry.id} @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => alter(i, { id: e.currentTarget.value })} />
          <select aria-label=${t("map.family", { name: entry.id })} ?disabled=${builtInId(entry.id.trim()) in FAMILY} @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => alter(i, { family: /** @type {OwnSegment["family"]} */ (e.currentTarget.value) })}>
            ${FAMILIES.map((family) => html`<option value=${family} ?selected=${family === colour(entry)}>${t(`family.${family}`)}</option>`)}
          </select>
          <span class="caption">${t("map.cells", { n: entry.cells.length, count: entry.cells.length })}</span>
        </span>`,
      )}
      <button type="button" class="plain" @click=${() => actions.setSegmenting({ map: [...draft, { id: t("map.newName", { n: draft.length + 1 }), cells: [], family: "growing" }], mapSegment: draft.length })}>${t("map.add")}</button>
    </div>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("map.title")}>
      <table class="map-cells">
        <thead><tr><td></td>${at.map((f) => html`<th scope="col">${t("map.orders", { f })}</th>`)}</tr></thead>
        <tbody>
          ${[...at].reverse().map(
            (r) => html`<tr><th scope="row">${t("map.recency", { r })}</th>
              ${at.map((f) => html`<td><span class="caption">${t("count.customers", { n: result.grid[r - 1]?.[f - 1]?.customers ?? 0, count: format.count(result.grid[r - 1]?.[f - 1]?.customers) })}</span>
                <span class="map-row">${at.map((m) => {
                  const code = name(r, f, m);
                  const holder = holders.get(code) ?? [];
                  const says = t("map.cell", { r, f, m, name: holder.map((i) => draft[i]?.id ?? "").join(", ") || "–" });
                  return html`<button type="button" class=${holder.length !== 1 ? "wrong" : holder[0] === mapSegment ? "mine" : ""} style="--family:var(--${colour(draft[holder[0] ?? -1])})" title=${says} aria-label=${says} @click=${() => give(code)}>${holder.map((i) => i + 1).join("+") || "–"}</button>`;
                })}</span></td>`)}</tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${gaps.length > 0 ? html`<p class="caution">${t("map.gaps", { n: gaps.length, cells: gaps.slice(0, 20).join(", ") })}</p>` : nothing}
    ${twice.length > 0 ? html`<p class="caution">${t("map.twice", { n: twice.length, cells: twice.slice(0, 20).join(", ") })}</p>` : nothing}
    ${empty.length > 0 ? html`<p class="caution">${t("map.empty", { names: format.list(empty.map(({ id }) => id)) })}</p>` : nothing}
    ${unnamed ? html`<p class="caution">${t("map.names")}</p>` : nothing}
    <p class="buttons">
      <button type="button" ?disabled=${gaps.length + twice.length > 0 || unnamed} @click=${() => { actions.setOption("rfm", { map: draft.filter((entry) => entry.cells.length > 0).map((entry) => ({ ...entry, id: builtInId(entry.id.trim()) })) }); actions.setSegmenting({ map: null }); }}>${t("map.apply")}</button>
      <button type="button" class="plain" @click=${() => actions.setSegmenting({ map: null })}>${t("cancel")}</button>
      ${builtIn}
    </p>
  </section>`;
}
