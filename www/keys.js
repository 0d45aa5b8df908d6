/** Keys, drops and pastes on the whole document. */

import { VIEWS } from "./views/shell.js";

/** @import { Actions } from "./actions.js" */
/** @import { State, Store } from "./state.js" */

/** @type {State["theme"][]} */
const THEMES = ["auto", "light", "dark"];

/**
 * @param {Document} document
 * @param {Store} store
 * @param {Actions} actions
 */
export function bindKeys(document, store, actions) {
  document.addEventListener("keydown", (event) => {
    const { state } = store;
    const target = /** @type {HTMLElement} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
    if (event.key === "Escape") {
      const open = /** @type {HTMLDetailsElement | null} */ (document.querySelector("details.menu[open]"));
      if (open) {
        open.open = false;
        open.querySelector("summary")?.focus();
      } else if (state.phase === "reading" || state.phase === "loading") actions.cancel();
      else actions.undo();
      return;
    }
    if (target.closest("input:not([type=checkbox],[type=radio]), select, textarea") || !state.shortcuts) return;
    const run = shortcut(event.key, state, actions, document);
    if (!run) return;
    event.preventDefault();
    run();
  });

  document.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      const chosen = menu.contains(target) && target.closest(".menu-list > *:not(label)");
      if (chosen) menu.querySelector("summary")?.focus();
      if (chosen || !menu.contains(target)) menu.removeAttribute("open");
    }
  });

  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length > 0) actions.open(files);
  });
  document.addEventListener("paste", (event) => {
    if (store.state.phase !== "drop" || /** @type {HTMLElement} */ (event.target).closest?.("input, textarea")) return;
    const file = event.clipboardData?.files[0];
    const text = event.clipboardData?.getData("text/plain") ?? "";
    if (file) actions.open([file]);
    else if (text.trim()) actions.openPasted(text);
  });
}

/**
 * @param {string} key
 * @param {State} state
 * @param {Actions} actions
 * @param {Document} document
 * @returns {(() => void) | undefined}
 */
function shortcut(key, state, actions, document) {
  if (key === "?") return actions.showKeys;
  const theme = () => actions.setTheme(/** @type {State["theme"]} */ (THEMES[(THEMES.indexOf(state.theme) + 1) % THEMES.length]));
  if (key === "d") return theme;
  if (state.phase !== "ready") return undefined;
  const view = /^[1-9]$/.test(key) ? VIEWS[Number(key) - 1] : undefined;
  if (view) return () => actions.show(view);
  if (key === "t") return actions.toggleTables;
  if (key === "e") return actions.exportShown;
  if (key === "/") {
    return () => {
      actions.show("customers");
      requestAnimationFrame(() => requestAnimationFrame(() => document.getElementById("filter")?.focus()));
    };
  }
  return undefined;
}
