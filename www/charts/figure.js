/** `<chart-figure>`: a picture with its finding, axes, caption, the table behind it and its downloads. */

import { LitElement, html, nothing, render } from "lit";
import { reach } from "../roam.js";
import { PICK, onKey } from "./plot.js";
import { pngOf, svgText, tableCsv } from "./save.js";
import { dataTable } from "./table.js";

/** @typedef {import("./table.js").Table} Table */

/**
 * Draws at a width in CSS pixels; `args` are the result and the options of the drawing function.
 * A picture that can be clicked is a template, so that the focus outlives a redraw.
 * @typedef {(width: number, ...args: any[]) => Element | import("lit").TemplateResult} Draw
 */

export class ChartFigure extends LitElement {
  /** @override */
  static properties = {
    draw: { attribute: false },
    args: { attribute: false, hasChanged: differ },
    heading: { attribute: false },
    sub: { attribute: false },
    caption: { attribute: false },
    table: { attribute: false, hasChanged: () => true },
    words: { attribute: false },
    height: { attribute: false },
    showTable: { attribute: false },
    stale: { attribute: false },
    file: { attribute: false },
    save: { attribute: false },
    mini: { attribute: false },
    picking: { attribute: false, hasChanged: () => false },
    width: { state: true },
  };

  constructor() {
    super();
    /** @type {Draw} */
    this.draw = () => document.createElement("span");
    /** @type {unknown[]} */
    this.args = [];
    this.heading = "";
    this.sub = "";
    /** @type {unknown} */
    this.caption = "";
    /** @type {Table | null} */
    this.table = null;
    /** @type {import("../words.js").Words | null} */
    this.words = null;
    this.height = 240;
    /** @type {boolean | null} */
    this.showTable = null;
    this.stale = false;
    /** Name of the downloads. */
    this.file = "chart";
    /** @type {((blob: Blob, name: string) => void) | null} */
    this.save = null;
    this.mini = false;
    /** How parts of the picture are picked; `name` says whom a key stands for. @type {Picking | null} */
    this.picking = null;
    this.width = 0;
    /** @type {boolean | null} */
    this.own = null;
    this.observer = new ResizeObserver(([entry]) => {
      const width = Math.floor(entry?.contentRect.width ?? 0);
      if (width > 0 && Math.abs(width - this.width) >= 1) this.width = width;
    });
  }

  /** @override */
  createRenderRoot() {
    return this;
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    this.observer.observe(this);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.observer.disconnect();
  }

  /** @override @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("showTable")) this.own = null;
  }

  /** @override @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.width === 0) return;
    if (!["draw", "args", "width", "heading", "sub"].some((name) => changed.has(name))) return;
    inTurn(this);
  }

  drawNow() {
    if (!this.isConnected || this.width === 0) return;
    const drawn = this.draw(this.width, ...this.args);
    const place = this.picture;
    if (!place) return;
    const name = [this.heading, this.sub].filter(Boolean).join(". ");
    if (!(drawn instanceof Element)) {
      render(drawn, place);
      place.firstElementChild?.setAttribute("aria-label", name);
      reach(this);
      return;
    }
    const focused = place.contains(document.activeElement) ? document.activeElement?.getAttribute("data-pick") : null;
    // One picture, one name: the marks' own names would be read as loose words.
    let picks = 0;
    for (const mark of drawn.querySelectorAll("[aria-label], [aria-description]")) {
      const label = mark.getAttribute("aria-label") ?? "";
      mark.removeAttribute("aria-label");
      mark.removeAttribute("aria-description");
      if (this.picking && label.startsWith(PICK)) picks += offer(mark, label.slice(PICK.length), this);
    }
    drawn.setAttribute("role", picks > 0 ? "group" : "img");
    drawn.setAttribute("aria-label", name);
    place.replaceChildren(drawn);
    reach(this);
    if (focused) /** @type {SVGElement | null} */ (place.querySelector(`[data-pick="${CSS.escape(focused)}"]`))?.focus();
  }

  /** @returns {HTMLElement | null} */
  get picture() {
    return this.querySelector(".picture");
  }

  get tableShown() {
    return this.own ?? this.showTable ?? false;
  }

  toggleTable() {
    this.own = !this.tableShown;
    this.requestUpdate();
  }

  async download(/** @type {"svg" | "png" | "csv"} */ kind) {
    if (kind === "csv") {
      if (this.table) this.save?.(new Blob(["\ufeff", tableCsv(this.table)], { type: "text/csv" }), `${this.file}.csv`);
      return;
    }
    const svg = this.picture?.querySelector("svg");
    if (!svg) return;
    // A picture is taken elsewhere on white paper.
    const { dataset } = document.documentElement;
    const { theme } = dataset;
    dataset.theme = "light";
    const text = svgText(svg, this.heading, this.sub, [...this.querySelectorAll(".caption .swatch")]);
    dataset.theme = theme;
    const blob = kind === "svg" ? new Blob([text], { type: "image/svg+xml" }) : await pngOf(text);
    this.save?.(blob, `${this.file}.${kind}`);
  }

  /** @override */
  render() {
    const picture = html`<div class="picture" data-roam style="min-height:${this.height}px"></div>`;
    if (this.mini) return picture;
    const t = this.words?.t ?? (() => "");
    const shown = this.tableShown;
    return html`<figure class=${this.stale ? "stale" : ""}>
      <figcaption>
        ${this.heading ? html`<h2>${this.heading}</h2>` : nothing}
        ${this.sub ? html`<p class="sub">${this.sub}</p>` : nothing}
      </figcaption>
      ${picture}
      ${this.caption ? html`<p class="caption">${this.caption}</p>` : nothing}
      <div class="tools">
        ${this.table
          ? html`<button type="button" class="quiet" aria-expanded=${shown} @click=${this.toggleTable}>
              ${shown ? t("figure.hideTable") : t("figure.showTable")}
            </button>`
          : nothing}
        <button type="button" class="quiet" @click=${() => this.download("png")}>PNG</button>
        <button type="button" class="quiet" @click=${() => this.download("svg")}>SVG</button>
        ${this.table
          ? html`<button type="button" class="quiet" @click=${() => this.download("csv")}>CSV</button>`
          : nothing}
      </div>
      ${this.table && shown ? dataTable(this.table, this.heading) : nothing}
    </figure>`;
  }
}

/** Pictures that wait for their turn: many in one task would make the page stand still. @type {Set<ChartFigure>} */
const waiting = new Set();
/** Milliseconds that drawing may take in one task, of which so many are spent. */
const BUDGET = 16;
let spent = 0;
let timer = 0;

/** @param {ChartFigure} figure */
function drawTimed(figure) {
  const start = performance.now();
  waiting.delete(figure);
  figure.drawNow();
  spent += performance.now() - start;
}

/** Draws now where there is time left in this task, else in one of the next. @param {ChartFigure} figure */
function inTurn(figure) {
  if (spent < BUDGET) drawTimed(figure);
  else waiting.add(figure);
  timer ||= window.setTimeout(takeTurn, 0);
}

function takeTurn() {
  [timer, spent] = [0, 0];
  for (const figure of waiting) {
    if (spent >= BUDGET) break;
    drawTimed(figure);
  }
  if (waiting.size > 0) timer = window.setTimeout(takeTurn, 0);
}

addEventListener("beforeprint", () => [...waiting].forEach(drawTimed));

/**
 * @typedef {object} Picking
 * @property {string | null} chosen  the key that is selected now
 * @property {(key: string) => void} pick
 */

/**
 * Makes a mark a button that can be reached and pressed by keys, too.
 * @param {Element} mark @param {string} key @param {ChartFigure} figure
 * @returns {number}
 */
function offer(mark, key, figure) {
  const press = () => figure.picking?.pick(key);
  mark.classList.add("pick-mark");
  mark.setAttribute("data-pick", key);
  mark.setAttribute("role", "button");
  mark.setAttribute("tabindex", "-1");
  mark.setAttribute("aria-pressed", String(figure.picking?.chosen === key));
  mark.setAttribute("aria-label", mark.querySelector("title")?.textContent ?? key);
  mark.addEventListener("click", press);
  mark.addEventListener("keydown", (event) => onKey(/** @type {KeyboardEvent} */ (event), press));
  return 1;
}

/** @param {unknown} a @param {unknown} b @returns {boolean} */
function differ(a, b) {
  if (!Array.isArray(a) || !Array.isArray(b) || a.length !== b.length) return true;
  return a.some((value, i) => value !== b[i] && (!isTexts(value) || differ(value, b[i])));
}

/** A list of texts is the same when its texts are. @param {unknown} value */
const isTexts = (value) => Array.isArray(value) && value.every((item) => typeof item === "string");

customElements.define("chart-figure", ChartFigure);
