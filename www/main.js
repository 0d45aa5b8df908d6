/** The entry of the page: joins state, workspace and views, and listens to keys, drops and pastes. */

import { html, render } from "lit";
import { createActions } from "./actions.js";
import { concentrationChart } from "./charts/value.js";
import { watchEdges } from "./edges.js";
import { bindHost } from "./embedding.js";
import { furtherWords, openEngine } from "./engine.js";
import { createFormat } from "./format.js";
import { bindKeys } from "./keys.js";
import { firstLanguage, localeOf } from "./languages.js";
import { canRemember, forgetRemembered, remember, remembered } from "./remember.js";
import { reportFile } from "./report-file.js";
import { reach, watchRoaming } from "./roam.js";
import { assumedCurrency, createStore, translated } from "./state.js";
import { en } from "./strings/en.js";
import { shell } from "./views/shell.js";
import { createWords } from "./words.js";

/** @import { Workspace } from "../pkg/types.d.ts" */
/** @import { State } from "./state.js" */

let root = /** @type {HTMLElement} */ (document.getElementById("regulars"));
// A page that was saved as it stood holds what was drawn.
root.replaceChildren();
const words = createWords(localeOf("en", navigator.languages), en);

/** @type {Promise<Workspace> | null} */
let opened = null;
const workspace = () => (opened ??= openEngine(words.locale).then((ready) => ((say = (code) => ready.say(code)), ready)));
/** The engine's words for a code; itself until the engine is there. */
let say = (/** @type {string} */ code) => code;

/** What was saved lately, which the browser may still be writing. @type {Set<string>} */
const saved = new Set();

/** @param {Blob} blob @param {string} name */
function save(blob, name) {
  const link = document.createElement("a");
  const url = URL.createObjectURL(blob);
  saved.add(url);
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => letGo(url), 60_000);
}

/** @param {string} url */
function letGo(url) {
  URL.revokeObjectURL(url);
  saved.delete(url);
}

/** Draws on a fresh sheet and takes the old one to pieces, so that no part of it keeps the others. */
function startAfresh() {
  const old = root;
  root = document.createElement("div");
  root.id = "regulars";
  old.replaceWith(root);
  draw(store.state);
  for (const element of [...old.querySelectorAll("*")].reverse()) element.replaceChildren();
  old.replaceChildren();
}

/**
 * Goes over to another language: words, figures, and what results have said so far.
 * @param {string} language
 */
async function speak(language) {
  const locale = localeOf(language, navigator.languages);
  const further = language === "en" ? {} : await furtherWords(language, Object.keys(en));
  const engine = await opened?.catch(() => null);
  await engine?.speak(locale);
  words.speak(locale, further);
  document.documentElement.lang = language;
  if (engine) store.update(translated(store.state, (result) => engine.translate(result)));
  const { file } = store.state;
  // What was last said to screen readers is over; the made-up shop is called otherwise.
  store.update({ language, status: "", file: file?.sample ? { ...file, name: words.t("sample.name") } : file });
}

const store = createStore(draw, (run) => requestAnimationFrame(run));
const actions = createActions(store, {
  workspace,
  async forget() {
    const old = await opened;
    opened = null;
    for (const url of saved) letGo(url);
    forgetRemembered();
    startAfresh();
    await old?.close();
  },
  save,
  canRemember: canRemember(),
  remembered,
  remember,
  print: () => print(),
  report: (title) => reportFile(document, title),
  openDialog: (id) => /** @type {HTMLDialogElement | null} */ (document.getElementById(id))?.showModal(),
  clock: () => performance.now(),
  words,
  speak,
});

const format = createFormat(words.locale, "");
let reading = { format, words };
let written = "";
let shown = "";

/** The phase that was drawn last. @type {State["phase"] | ""} */
let phase = "";

/**
 * Another phase is another page: its frame is drawn first and what is in it with the next
 * picture of the screen, so that neither takes long.
 * @param {State} state
 */
function draw(state) {
  // A table of customers may count days without saying from which day on.
  const undated = state.ledger?.kind === "customers" && state.ledger.lastDate === null;
  // While the columns are looked at, money is that of the file at hand.
  const tried = state.phase === "understood" ? state.trial.ledger : null;
  const currency = tried ? (tried.currency ?? assumedCurrency(state.found)) : state.currency;
  const { scale = 2 } = tried ?? state.ledger ?? {};
  const wanted = `${words.locale}/${currency}/${scale}/${undated}`;
  if (wanted !== written) {
    // One object, as the words are: what a selection says of itself follows the language.
    Object.assign(format, createFormat(words.locale, currency, scale));
    if (undated) {
      const day = () => words.t("day.ofTable");
      Object.assign(format, { day, shortDay: day });
    }
    reading = { format, words };
    written = wanted;
  }
  document.documentElement.dataset.theme = state.theme;
  const fresh = phase !== "" && phase !== state.phase;
  phase = state.phase;
  render(html`${shell({ state, actions, format, words, say, reading, save }, fresh)}`, root);
  reach(root);
  if (fresh) {
    requestAnimationFrame(() => draw(store.state));
    return;
  }
  const place = state.phase === "ready" || state.view === "proof" ? `${state.phase}/${state.view}/${state.customer?.id ?? ""}` : state.phase;
  if (place !== shown) arrive(state, place);
}

/**
 * A new page: its name in the title and the address, the top of it in sight, its heading in focus.
 * @param {State} state
 * @param {string} place
 */
function arrive(state, place) {
  const first = shown === "";
  shown = place;
  const view = state.view === "customer" ? "customers" : state.view;
  document.title = state.phase === "ready" && words.has(`view.${view}`) ? `${words.t(`view.${view}`)} · ${words.t("title")}` : words.t("title");
  const hash = state.phase === "ready" || view === "proof" ? `#${view}` : "";
  if (!first && location.hash !== hash) history.pushState(null, "", hash || location.pathname + location.search);
  if (first) return;
  scrollTo(0, 0);
  /** @type {HTMLElement | null} */ (root.querySelector("h1"))?.focus({ preventScroll: true });
}

addEventListener("popstate", () => {
  const view = /** @type {State["view"]} */ (location.hash.slice(1) || "answers");
  if (words.has(`view.${view}`) || view === "proof") actions.show(view);
});

const language = firstLanguage(navigator.languages);
if (language !== "en") speak(language);
bindKeys(document, store, actions);
watchRoaming(document);
watchEdges(document.body);
draw(store.state);
// The first picture is dear, because its code has not run yet: it is drawn for nobody while nothing is awaited.
(window.requestIdleCallback ?? setTimeout)(() => void concentrationChart(240, [0, 1], reading, true));
// The engine gets ready while the page is read; what fails then is said when it is needed.
setTimeout(() => workspace().catch(() => (opened = null)), 0);
document.documentElement.dataset.ready = "";
bindHost(window, actions);
