/** What the file was understood to be: sentences, questions, columns with their roles, the first rows. */

import { html, nothing } from "lit";
import { assumed, ledgerSentence, repeated } from "./ledger.js";
import { notices } from "./parts.js";
import { recalledFor } from "../state.js";

/** @import { Role } from "../../pkg/types.d.ts" */

/** Roles in the order in which they are offered. @type {Role[]} */
export const ROLES = [
  "customerId", "email", "phone", "orderId", "orderDate", "orderTime", "amount", "adjustedAmount", "quantity", "unitPrice", "product",
  "category", "refund", "status", "currency", "channel", "country", "referrer", "discount", "cost", "consent", "reason", "fraud", "label", "attribute",
  "firstOrder", "lastOrder", "orderCount", "repeatCount", "averageAmount", "daysSince", "firstToLast", "age",
];

/** Encodings that can be said, most used first. */
const ENCODINGS = ["utf-8", "gb18030", "gbk", "big5", "shift_jis", "euc-kr", "windows-1252", "windows-1251", "windows-1250", "utf-16le", "utf-16be"];
const DELIMITERS = [",", ";", "\t", "|", "blanks"];

/** The switches of reading, with what each is when nothing is said. @type {[keyof import("../../pkg/types.d.ts").LoadSettings, boolean][]} */
const SWITCHES = [
  ["leaveOutCancelled", true], ["leaveOutFailed", true], ["leaveOutUnpaid", true], ["leaveOutRefunded", true],
  ["leaveOutTest", true], ["leaveOutOther", true], ["zeroOrders", true], ["dropDuplicates", false],
];

/** @param {import("./parts.js").Context} context */
export function understoodView(context) {
  const { state, words, actions, format } = context;
  const { t } = words;
  const { found } = state;
  if (!found) return nothing;
  const open = found.questions.filter((question) => !state.answers[question.id]);
  const changed = found.columns.some((column) => (column.role ?? null) !== (state.roles[column.index] ?? null));
  return html`<section class="understood">
    <header class="opening">
      <p class="kicker">${state.file?.name} · ${format.bytes(found.bytes)}</p>
      <h1 tabindex="-1">${t("understood.title")}</h1>
    </header>
    <ul class="sentences">
      ${sentences(found, state.trial.ledger).map((message) => html`<li>${message.text}</li>`)}
    </ul>
    ${recalledFor(state) && !isRecalled(context)
      ? html`<p class="recalled"><span>${t("understood.recalled")}</span> <button type="button" class="plain" @click=${actions.useRecalled}>${t("understood.useRecalled")}</button></p>`
      : nothing}
    ${found.questions.length > 0
      ? html`<section class="questions" aria-label=${t("understood.questions")}>
          <h2>${t("understood.questions", { n: found.questions.length })}</h2>
          ${found.questions.map(
            (question) =>
              html`<fieldset>
                <legend>${question.text}</legend>
                ${question.choices.map(
                  (choice) =>
                    html`<label class="choice">
                      <input
                        type="radio"
                        name=${question.id}
                        .checked=${state.answers[question.id] === choice.value}
                        @change=${() => actions.answer(question.id, choice.value)}
                      />
                      <span>${choice.text}</span>
                    </label>`,
                )}
              </fieldset>`,
          )}
        </section>`
      : nothing}
 ${effect(context)}
    <p class="go">
      <button type="button" class="primary" ?disabled=${open.length > 0} @click=${() => actions.load()}>${t("understood.use")}</button>
      <button type="button" class="quiet" @click=${actions.startOver}>${t("understood.other")}</button>
      ${open.length > 0 ? html`<span class="caption">${t("understood.answerFirst", { n: open.length })}</span>` : nothing}
      ${changed ? html`<span class="caption">${t("understood.changed")}</span>` : nothing}
    </p>
    ${notices(found.notices)}
    <h2>${t("understood.columns")}</h2>
    <p class="sub">${t("understood.columnsSub")}</p>
    ${columnTable({ found, roles: state.roles, answers: state.answers, words, format, setRole: actions.setRole, answer: actions.answer })}
    ${rows(context)} ${how(context)}
    <h2>${t("understood.preview")}</h2>
    <p class="sub">${t("understood.previewSub", { rows: format.count(found.preview.rows.length), total: format.count(found.rows) })}</p>
    <div class="scroll" tabindex="0" role="region" aria-label=${t("understood.preview")}>
      <table class="ruled preview">
        <thead>
          <tr>
            ${(found.preview.header ?? found.columns.map((column) => column.name)).map((name) => html`<th scope="col">${name}</th>`)}
          </tr>
        </thead>
        <tbody>
          ${found.preview.rows.map((row) => html`<tr>${row.map((cell) => html`<td>${cell}</td>`)}</tr>`)}
        </tbody>
      </table>
    </div>
  </section>`;
}

/**
 * What was understood, under the choices made so far where it is known what they come to.
 *
 * @param {import("../../pkg/types.d.ts").Found} found
 * @param {import("../../pkg/types.d.ts").Ledger | null} ledger
 */
const sentences = (found, ledger) =>
  ledger?.understood.length ? [...found.understood.slice(0, 1), ...ledger.understood] : found.understood;

/**
 * What the choices come to, before they are used.
 * @param {import("./parts.js").Context} context
 */
function effect(context) {
  const { state, words, format } = context;
  const { ledger, problem, busy } = state.trial;
  const { t } = words;
  if (problem) return html`<p class="sub effect" role="status">${t("understood.fails", { problem })}</p>`;
  if (!ledger) return busy ? html`<p class="sub effect" role="status">${t("understood.trying")}</p>` : nothing;
  const told = t(ledger.lastDate ? "understood.effect" : "understood.effectUndated", {
    orders: format.count(ledger.shop.orders),
    customers: format.count(ledger.customers.customers),
    net: format.cents(ledger.shop.net),
    from: ledger.firstDate ? format.day(ledger.firstDate) : "–",
    to: ledger.lastDate ? format.day(ledger.lastDate) : "–",
  });
  return html`<p class="sub effect" role="status" aria-busy=${busy}>${told} ${ledgerSentence(ledger, context)} ${repeated(ledger, context)} ${assumed(ledger, context)}</p>`;
}

/**
 * How the bytes are read: each choice reads the file again.
 * @param {import("./parts.js").Context} context
 */
function how({ state, words, actions }) {
  const { t } = words;
  const { found, file } = state;
  if (!found || file?.sample) return nothing;
  /** @param {string} name @param {string} now @param {[string, string][]} values @param {(value: string) => void} say */
  const choice = (name, now, values, say) =>
    html`<label class="field">
      <span>${t(`how.${name}`)}</span>
      <select @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => say(e.currentTarget.value)}>
        ${values.map(([value, words]) => html`<option value=${value} ?selected=${value === now}>${words}</option>`)}
      </select>
    </label>`;
  const known = (/** @type {string[]} */ values, /** @type {string} */ now) => (values.includes(now) ? values : [now, ...values]);
  const { encoding, delimiter, header, sheet, sheets } = found;
  const names = (/** @type {string[]} */ values) => values.map((value) => /** @type {[string, string]} */ ([value, value]));
  const delimiters = known(DELIMITERS, delimiter).map((value) =>
    /** @type {[string, string]} */ ([value, words.has(`delimiter.${value}`) ? t(`delimiter.${value}`) : value]),
  );
  return html`<h2>${t("understood.how")}</h2>
    <div class="how-fields">
      ${sheets && sheet !== undefined ? choice("sheet", sheet, names(sheets.map(({ name }) => name)), (value) => actions.reread({ sheet: value })) : nothing}
      ${encoding === "xlsx"
        ? nothing
        : html`${choice("encoding", encoding, names(known(ENCODINGS, encoding)), (value) => actions.reread({ encoding: value }))}
          ${choice("delimiter", delimiter, delimiters, (value) => actions.reread({ delimiter: value }))}`}
      ${choice("header", String(header), [["true", t("how.header.true")], ["false", t("how.header.false")]], (value) => actions.reread({ header: value === "true" }))}
    </div>`;
}

/**
 * Which rows count.
 * @param {import("./parts.js").Context} context
 */
function rows({ state, words, actions }) {
  const { t } = words;
  if (state.found?.kind !== "orders") return nothing;
  return html`<h2>${t("understood.rows")}</h2>
    <div class="switches">
      ${SWITCHES.map(
        ([id, usual]) =>
          html`<label class="choice">
            <input
              type="checkbox"
              .checked=${state.switches[id] ?? usual}
              @change=${(/** @type {Event & { currentTarget: HTMLInputElement }} */ e) => actions.setSwitch(id, e.currentTarget.checked)}
            />
            <span>${t(`switch.${id}`)}</span>
          </label>`,
      )}
    </div>`;
}

/** Whether the choices are those of the earlier file already. @param {import("./parts.js").Context} context */
function isRecalled({ state }) {
  const { recalled, columns } = /** @type {import("../../pkg/types.d.ts").Found} */ (state.found);
  if (!recalled || recalled.read) return false;
  const role = (/** @type {number} */ index) => recalled.mapping.find((entry) => entry.columns.includes(index))?.role ?? null;
  const sameRoles = recalled.files > 1 || columns.every(({ index }) => role(index) === (state.roles[index] ?? null));
  const sameAnswers = Object.entries(recalled.answers).every(([id, value]) => state.answers[id] === value);
  const usual = Object.fromEntries(SWITCHES);
  const sameSwitches = SWITCHES.every(([id]) => (state.switches[id] ?? usual[id]) === (recalled.settings[id] ?? usual[id]));
  return sameRoles && sameAnswers && sameSwitches;
}

/**
 * How the days or numbers of a column are read, where they can be read otherwise and nothing is asked of it.
 * @param {import("../../pkg/types.d.ts").FoundColumn} column
 * @param {Role | null} role
 * @param {import("../../pkg/types.d.ts").Found} found
 * @param {Record<string, string>} answers
 * @param {import("../words.js").Words} words
 * @param {(id: string, value: string) => void} answer
 */
function readings({ name, readAs, role: proposed }, role, found, answers, words, answer) {
  if (!readAs || role !== proposed || found.questions.some(({ id }) => id === readAs.id)) return nothing;
  const now = answers[readAs.id] ?? readAs.chosen;
  return html`<select
    class="read-as"
    aria-label=${words.t("columns.readAs", { name })}
    @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) => answer(readAs.id, e.currentTarget.value)}
  >
    ${readAs.choices.map(({ value, text }) => html`<option value=${value} ?selected=${value === now}>${text}</option>`)}
  </select>`;
}

/**
 * Columns with their roles; a select each.
 * @param {object} options
 * @param {import("../../pkg/types.d.ts").Found} options.found
 * @param {Record<string, string>} options.answers
 * @param {(id: string, value: string) => void} options.answer
 * @param {(Role | null)[]} options.roles
 * @param {import("../words.js").Words} options.words
 * @param {import("../format.js").Format} options.format
 * @param {(column: number, role: Role | null) => void} options.setRole
 */
export const columnTable = ({ found, roles, answers, words, format, setRole, answer }) => {
  const { t } = words;
  return html`<div class="scroll" tabindex="0" role="region" aria-label=${t("understood.columns")}>
    <table class="ruled columns">
      <thead>
        <tr>
          <th scope="col">${t("columns.name")}</th>
          <th scope="col">${t("columns.role")}</th>
          <th scope="col">${t("columns.samples")}</th>
          <th scope="col" class="right">${t("columns.filled")}</th>
        </tr>
      </thead>
      <tbody>
        ${found.columns.map((column) => {
          const role = roles[column.index] ?? null;
          return html`<tr class=${role ? "" : "unused"}>
            <th scope="row">${column.name}</th>
            <td>
              <select
                aria-label=${t("columns.roleOf", { name: column.name })}
                @change=${(/** @type {Event & { currentTarget: HTMLSelectElement }} */ e) =>
                  setRole(column.index, /** @type {Role} */ (e.currentTarget.value) || null)}
              >
                <option value="" ?selected=${role === null}>${t("role.none")}</option>
                ${ROLES.map((id) => html`<option value=${id} ?selected=${role === id}>${t(`role.${id}`)}</option>`)}
              </select>
              ${readings(column, role, found, answers, words, answer)}
            </td>
            <td class="samples">${column.samples.slice(0, 3).join(" · ")}</td>
            <td class="right">${found.rows > 0 ? format.share(column.filled / found.rows) : ""}</td>
          </tr>`;
        })}
      </tbody>
    </table>
  </div>`;
};
