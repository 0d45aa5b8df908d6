/** Inside another page, as `<regulars-dashboard>` puts it there: that page may hand over files and say how to look. */

/** @import { Actions } from "./actions.js" */

/** @param {Window} window @param {Actions} actions */
export function bindHost(window, actions) {
  const { parent } = window;
  if (parent === window) return;
  window.addEventListener("message", ({ source, data }) => {
    if (source !== parent || data?.to !== "regulars") return;
    if (data.theme) actions.setTheme(data.theme);
    if (data.language) actions.setLanguage(data.language);
    if (data.files) actions.open(data.files);
  });
  // All that it is ever told.
  parent.postMessage({ from: "regulars" }, "*");
}
