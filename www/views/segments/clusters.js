/** Learned segments: groups that the customers' own figures make, how many, how stable, what sets each apart. */

import { html, nothing } from "lit";
import { choiceChart, dendrogram } from "../../charts/clusters.js";
import "../../charts/figure.js";
import { method, notices, numberField, opening } from "../parts.js";
import { KINDS, answered, choice, columnWords, groupsExport, segmentWords, term, there } from "./parts.js";

/** @import { Cluster, ClusterOptions, ClusterResult } from "../../../pkg/types.d.ts" */
/** @typedef {import("../parts.js").Context} Context */

/** Mean silhouettes from which groups are soft, fair and clear (Kaufman and Rousseeuw 1990), and the stability below which a group dissolves. */
const SOFT = 0.25;
const FAIR = 0.5;
const CLEAR = 0.7;
const DISSOLVED = 0.5;

/**
 * What may be said of the groups, from how far they lie apart and how they hold.
 * @param {ClusterResult} result
 * @returns {"dense" | "unknown" | "none" | "weak" | "fair" | "clear"}
 */
export function clarity({ dense, choices, k, clusters }) {
  if (dense) return "dense";
  const apart = choices.find((choice) => choice.k === k)?.silhouette;
  if (apart === undefined) return "unknown";
  const dissolves = clusters.some(({ stability }) => stability !== null && stability < DISSOLVED);
  if (apart < SOFT) return "none";
  if (apart < FAIR || dissolves) return "weak";
  return apart < CLEAR ? "fair" : "clear";
}

/** @param {Context} context */
export function clustersPage(context) {
  const { state, words, actions } = context;
  const { t } = words;
  const draft = state.segmenting.cluster;
  const columns = draft.columns ?? ["recencyDays", "orders", "revenue"];
  const set = (/** @type {ClusterOptions} */ patch) => actions.setSegmenting({ cluster: { ...draft, ...patch } });
  const toggle = (/** @type {typeof columns[number]} */ column) => {
    const next = columns.includes(column) ? columns.filter((one) => one !== column) : [...columns, column];
    if (next.length > 0) set({ columns: next });
  };
  return html`<div class="options">
      <fieldset class="field checks-line"><legend class="label">${t("clusters.columns")}</legend>
        ${there(context, KINDS.number.filter((column) => !/Score$/.test(column))).map((column) => html`<label class="check"><input type="checkbox" .checked=${columns.includes(column)} ?disabled=${columns.length === 1 && columns[0] === column} @change=${() => toggle(column)} />${columnWords(context, column)}</label>`)}
      </fieldset>
      ${choice(t("clusters.scaling"), /** @type {const} */ (["log", "robust", "standard"]), draft.scaling ?? "log", (one) => t(`scaling.${one}`), (scaling) => set({ scaling }))}
      ${choice(t("clusters.method"), /** @type {const} */ (["kmeans", "ward", "dbscan"]), draft.method ?? "kmeans", (one) => t(`clusterMethod.${one}`), (one) => set({ method: one }))}
      ${draft.method === "dbscan"
        ? html`${numberField({ label: t("clusters.radius"), placeholder: t("clusters.knee"), value: draft.radius ?? undefined, min: 0.001, step: 0.001, set: (radius) => set({ radius: radius ?? null }) })}
            ${numberField({ label: t("clusters.neighbours"), placeholder: String(Math.max(4, 2 * columns.length)), value: draft.neighbours ?? undefined, min: 2, max: 1000, set: (neighbours) => set({ neighbours: neighbours ?? null }) })}`
        : numberField({ label: t("clusters.k"), placeholder: t("clusters.auto"), value: draft.k ?? undefined, min: 2, max: 12, set: (k) => set({ k: k ?? null }) })}
      ${numberField({ label: t("clusters.seed"), value: draft.seed ?? 1, min: 0, set: (seed) => set({ seed: seed ?? 1 }) })}
    </div>
    ${answered(context, "clusters", draft, (view, run) => view.cluster(draft, run), (result) => drawClusters(/** @type {ClusterResult} */ (result), context))}`;
}

/** What sets a group apart, in words. @param {Cluster} cluster @param {Context} context */
function traitWords(cluster, context) {
  const { words } = context;
  const one = (/** @type {Cluster["traits"][number]} */ { column, level }) =>
    words.has(`trait.${column}.${level}`) ? words.t(`trait.${column}.${level}`) : words.t(`trait.${level}`, { column: columnWords(context, column) });
  return cluster.traits.length > 0 ? cluster.traits.map(one).join(", ") : words.t("trait.none");
}

/** A group by number and what sets it apart. @param {Cluster} cluster @param {Context} context */
const groupWords = (cluster, context) =>
  context.words.t(cluster.id === "odd" ? "clusters.oddName" : "clusters.name", { n: cluster.id, traits: traitWords(cluster, context) });

/** @param {ClusterResult} result @param {Context} context */
function drawClusters(result, context) {
  const { state, words, actions, format } = context;
  const { t, rich } = words;
  const first = result.clusters[0];
  const same = JSON.stringify(state.options.cluster) === JSON.stringify(state.segmenting.cluster);
  const table = {
    columns: ["clusters.groups", "clusters.silhouette", "clusters.gap", "clusters.gapError"].map((key) => ({ label: t(key), align: /** @type {const} */ ("right") })),
    rows: result.choices.map((choice) => [String(choice.k), format.decimal(choice.silhouette, 3), format.decimal(choice.gap, 3), format.decimal(choice.gapError, 3)]),
  };
  const { dense } = result;
  const apart = result.choices.find((choice) => choice.k === result.k)?.silhouette;
  const said = clarity(result);
  const finding = rich(`clusters.finding.${said}`, { n: said === "dense" ? dense?.odd : result.k, k: html`<b>${format.count(result.k)}</b>`, odd: html`<b>${format.count(dense?.odd)}</b>` });
  const standfirst = rich(dense ? "clusters.standfirst.dense" : "clusters.standfirst", {
    columns: format.list(result.columns.map((column) => columnWords(context, column))),
    agreement: term(words, "term.rand", format.decimal(result.adjustedRand ?? NaN)),
    apart: term(words, "term.silhouette", apart === undefined ? "–" : format.decimal(apart)),
    radius: term(words, "term.radius", format.decimal(dense?.radius ?? NaN)),
    neighbours: format.count(dense?.neighbours),
  });
  const pictures = result.choices.length > 0;
  return html`${opening(t("segments.page.clusters"), finding, standfirst)}
    <div class="scroll" tabindex="0" role="region" aria-label=${t("clusters.table")}>
      <table class="ruled">
        <thead><tr><th scope="col">${t("column.cluster")}</th><th scope="col" class="right">${t("segments.colCustomers")}</th><th scope="col" class="right">${t("segments.colRevenueShare")}</th>
          ${first ? first.centre.map((centre) => html`<th scope="col" class="right">${columnWords(context, centre.column)}</th>`) : nothing}
          ${pictures ? html`<th scope="col" class="right">${term(words, "term.stability")}</th>` : nothing}<th scope="col">${t("clusters.nearest")}</th></tr></thead>
        <tbody>
          ${result.clusters.map((cluster, i) => {
            const row = result.bySegment[i] ?? [];
            const place = row.indexOf(Math.max(...row));
            return html`<tr>
              <th scope="row"><button type="button" class="row-pick" ?disabled=${!same} @click=${() => actions.choose({ cluster: cluster.id }, () => groupWords(cluster, context))}>${groupWords(cluster, context)}</button></th>
              <td class="right">${format.count(cluster.customers)}</td><td class="right">${format.exactShare(cluster.revenueShare)}</td>
              ${cluster.centre.map((centre) => html`<td class="right">${/revenue|gross|returns|averageOrder|clv/.test(centre.column) ? format.cents(centre.median) : format.number(centre.median)}</td>`)}
              ${pictures ? html`<td class="right">${cluster.stability === null ? "–" : format.decimal(cluster.stability)}</td>` : nothing}
              <td>${place < 0 || cluster.customers === 0 ? "" : t("clusters.nearestShare", { name: segmentWords(words, result.segments[place] ?? ""), share: format.share((row[place] ?? 0) / cluster.customers) })}</td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    <p class="caption">${t(dense ? "clusters.tableCaption.dense" : "clusters.tableCaption")}</p>
    ${same ? nothing : html`<p class="buttons"><button type="button" @click=${() => actions.setOption("cluster", { ...state.segmenting.cluster })}>${t("clusters.use")}</button><span class="caption">${t("clusters.useHint")}</span></p>`}
    ${same ? groupsExport(context, { what: "segments", by: "cluster", labels: Object.fromEntries(result.clusters.map((cluster) => [cluster.id, groupWords(cluster, context)])) }, "groups") : nothing}
    ${pictures ? drawChoices(result, table, context) : nothing}
    ${notices(result.notices)} ${method(context, "clusters")}`;
}

/** How many groups, and how they hang together. @param {ClusterResult} result @param {object} table @param {Context} context */
function drawChoices(result, table, { state, words, format, reading, save }) {
  const { t } = words;
  return html`<div class="pair">
      ${/** @type {const} */ (["silhouette", "gap"]).map(
        (of) => html`<chart-figure .height=${220} .draw=${choiceChart} .args=${[result, of, reading]} .heading=${t(`clusters.${of}Title`, { n: result.choices.find((choice) => (of === "gap" ? choice.byGap : choice.bySilhouette))?.k ?? result.k })} .sub=${t(`clusters.${of}Sub`)} .caption=${t(`term.${of}.plain`)} .file=${`groups-${of}`} .table=${table} .words=${words} .showTable=${state.showTables} .save=${save}></chart-figure>`,
      )}
    </div>
    <chart-figure .height=${320} .draw=${dendrogram} .args=${[result, reading]} .heading=${t("clusters.treeTitle", { n: result.k })} .sub=${t("clusters.treeSub", { cells: format.count(result.hierarchy.cells) })} .file=${"hierarchy"}
      .table=${{ columns: [{ label: t("clusters.joined") }, { label: t("segments.colCustomers"), align: "right" }, { label: t("clusters.height"), align: "right" }], rows: result.hierarchy.merges.map((merge, i) => [`${merge.a} + ${merge.b} = ${result.hierarchy.leaves + i}`, format.count(merge.size), format.decimal(merge.height)]) }}
      .words=${words} .showTable=${state.showTables} .save=${save}></chart-figure>`;
}
