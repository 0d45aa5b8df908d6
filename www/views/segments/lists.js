/** Own segments: rules put together by the user, in words, with their count, and what can be done with the list. */

import { html, nothing } from "lit";
import { sameWhere } from "../../state.js";
import { opening } from "../parts.js";
import { KINDS, answered, columnWords, groupsWhere, groupsWords, segmentWords, term, there } from "./parts.js";
import { profile } from "./profile.js";

/** @import { CustomerColumn } from "../../../pkg/types.d.ts" */
/** @import { Rule } from "../../state.js" */
/** @typedef {import("../parts.js").Context} Context */

const CODES = { lifecycle: ["new", "growing", "mature", "declining", "lost"] };

/** @param {Context} context */
export function listsPage(context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { groups, join } = state.segmenting;
  const where = groupsWhere(groups, join);
  const kept = state.named.find((entry) => sameWhere(entry.where, where));
  const said = () => groupsWords(context, groups, join) || t("rule.everybody");
  const set = (/** @type {Rule[][]} */ next) => actions.setSegmenting({ groups: next.filter((rules) => rules.length > 0) });
  const change = (/** @type {number} */ g, /** @type {number} */ r, /** @type {Rule | null} */ rule) =>
    set(groups.map((rules, i) => (i !== g ? rules : rule === null ? rules.filter((_, j) => j !== r) : rules.map((old, j) => (j === r ? rule : old)))));
  const known = state.results.describe.value;
  /** @type {Rule} */
  const fresh = { column: "recencyDays", test: "min", value: "90" };
  return html`<div class="builder">
      ${groups.map(
        (rules, g) => html`${g > 0 ? html`<p class="join">${joinButton(context)}</p>` : nothing}
          <div class="rule-group">
            ${rules.map((rule, r) => html`<div class="rule">${r > 0 ? html`<span class="caption">${t("rule.and")}</span>` : nothing}${ruleFields(rule, context, (next) => change(g, r, next))}
              <button type="button" class="quiet" aria-label=${t("rule.remove")} @click=${() => change(g, r, null)}>×</button></div>`)}
            <button type="button" class="plain" @click=${() => set(groups.map((old, i) => (i === g ? [...old, fresh] : old)))}>${t("rule.addAnd")}</button>
          </div>`,
      )}
      <button type="button" class="plain" @click=${() => set([...groups, [fresh]])}>${t("rule.addGroup")}</button>
      ${groups.flat().some((rule) => kindOf(rule.column) === "text") ? html`<p class="caption">${t("rule.anyCase")}</p>` : nothing}
      ${Object.entries({ country: known?.topCountries, channel: known?.topChannels, product: known?.topProducts }).map(([column, rows]) => html`<datalist id="values-${column}">${(rows ?? []).map((row) => html`<option value=${row.name}></option>`)}</datalist>`)}
    </div>
    ${answered(context, "list", where, (view, run) => view.customers({ columns: ["customerId", "segment", "orders", "revenue", "recencyDays"], where, sortBy: "revenue", descending: true, limit: 8 }, run), (page) =>
      html`${opening(t("segments.page.lists"), t("lists.finding", { n: page.total, count: format.count(page.total), money: format.money(page.revenue) }), said())}
        <div class="scroll" tabindex="0" role="region" aria-label=${t("segments.page.lists")}><table class="ruled narrow"><thead><tr>${/** @type {const} */ (["customerId", "segment"]).map((column) => html`<th scope="col">${t(`column.${column}`)}</th>`)}${/** @type {const} */ (["orders", "revenue", "recencyDays"]).map((column) => html`<th scope="col" class="right">${t(`column.${column}`)}</th>`)}</tr></thead>
          <tbody>${Array.from({ length: Math.min(8, page.total) }, (_, i) => html`<tr><th scope="row"><button type="button" class="row-pick" @click=${() => actions.openCustomer(String(page.columns.customerId?.[i]))}>${page.columns.customerId?.[i]}</button></th><td>${segmentWords(words, String(page.columns.segment?.[i] ?? ""))}</td><td class="right">${format.count(Number(page.columns.orders?.[i]))}</td><td class="right">${format.cents(Number(page.columns.revenue?.[i]))}</td><td class="right">${format.count(Number(page.columns.recencyDays?.[i]))}</td></tr>`)}</tbody></table></div>
        <form class="buttons" @submit=${(/** @type {SubmitEvent & { currentTarget: HTMLFormElement }} */ e) => {
          e.preventDefault();
          const name = String(new FormData(e.currentTarget).get("name") ?? "");
          actions.keepList(name, where, said());
        }}><label class="field"><span class="label">${t("lists.name")}</span><input name="name" type="text" required /></label><button type="submit" class="plain">${t("lists.save")}</button></form>`)}
    ${state.named.length > 0 ? html`<section><h2>${t("lists.saved")}</h2><p class="chips">${state.named.map((entry) => html`<button type="button" class="chip" title=${entry.words} @click=${() => actions.choose(entry.where, () => entry.name)}>${entry.name}</button>`)}</p></section>` : nothing}
    ${profile(context, where, kept ? () => kept.name : said, kept?.name ?? t("lists.these"))}
    <section><h2>${t("alike.title")}</h2><p class="sub">${t("alike.sub")}</p>
      ${answered(context, "alike", where, (view, run) => view.alike({ where, limit: 12 }, run), ({ rows }) =>
        rows.length === 0 ? html`<p>${t("alike.none")}</p>` : html`<div class="scroll" tabindex="0" role="region" aria-label=${t("alike.title")}><table class="ruled narrow"><thead><tr><th scope="col">${t("column.customerId")}</th><th scope="col" class="right">${term(words, "term.alike")}</th><th scope="col">${t("column.reason")}</th></tr></thead>
          <tbody>${rows.map((row) => html`<tr><th scope="row"><button type="button" class="row-pick" @click=${() => actions.openCustomer(row.customerId)}>${row.customerId}</button></th><td class="right">${t("alike.times", { n: format.decimal(Math.exp(row.score), 1) })}</td><td>${t("alike.reason", { column: columnWords(context, row.reason), value: format.number(row.value) })}</td></tr>`)}</tbody></table></div>`)}
    </section>`;
}

/** @param {Context} context */
const joinButton = ({ state, words, actions }) =>
  html`<button type="button" class="chip" @click=${() => actions.setSegmenting({ join: state.segmenting.join === "or" ? "and" : "or" })}>${words.t(`rule.${state.segmenting.join}`)}</button>`;

/** @param {Rule["column"]} column */
const kindOf = (column) => (column === "product" || KINDS.text.includes(column) ? "text" : KINDS.day.includes(column) ? "day" : "number");

/** @param {Rule} rule @param {Context} context @param {(rule: Rule) => void} set */
function ruleFields(rule, context, set) {
  const { state, words } = context;
  const { t } = words;
  /** @type {Rule["column"][]} */
  const columns = [...there(context, [...KINDS.number, ...KINDS.day, ...KINDS.text]), ...(state.roles.includes("product") ? [/** @type {const} */ ("product")] : [])];
  const text = kindOf(rule.column) === "text";
  const tests = /** @type {Rule["test"][]} */ (rule.column === "product" ? ["is", "not"] : text ? ["is", "not", "contains"] : ["min", "max"]);
  const codes = rule.column === "segment" ? (state.results.rfm.value?.segments ?? []).map(({ id }) => id) : rule.column === "lifecycle" ? CODES.lifecycle : null;
  const change = (/** @type {Event & { currentTarget: HTMLInputElement | HTMLSelectElement }} */ e) => set({ ...rule, value: e.currentTarget.value });
  const start = (/** @type {Rule["column"]} */ column) => (column === "segment" ? (state.results.rfm.value?.segments[0]?.id ?? "") : column === "lifecycle" ? "new" : kindOf(column) === "day" ? state.asOf : "");
  return html`<select aria-label=${t("rule.column")} @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => {
      const column = /** @type {Rule["column"]} */ (e.currentTarget.value);
      set({ column, test: kindOf(column) === "text" ? "is" : "min", value: start(column) });
    }}>${columns.map((column) => html`<option value=${column} ?selected=${column === rule.column}>${columnWords(context, column)}</option>`)}</select>
    <select aria-label=${t("rule.test")} @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => set({ ...rule, test: /** @type {Rule["test"]} */ (e.currentTarget.value) })}>${tests.map((test) => html`<option value=${test} ?selected=${test === rule.test}>${t(`rule.test.${test}`)}</option>`)}</select>
    ${codes && rule.test !== "contains"
      ? html`<select aria-label=${t("rule.value")} @change=${change}>${codes.map((code) => html`<option value=${code} ?selected=${code === rule.value}>${rule.column === "segment" ? segmentWords(words, code) : t(`stage.${code}`)}</option>`)}</select>`
      : html`<input aria-label=${t("rule.value")} type=${kindOf(rule.column) === "number" ? "number" : kindOf(rule.column) === "day" ? "date" : "text"} step="any" list=${text ? `values-${rule.column}` : nothing} title=${text ? t("rule.anyCase") : nothing} .value=${rule.value} @change=${change} />`}`;
}
