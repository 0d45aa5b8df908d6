/** The report as a file of its own: what is drawn, its style, and a policy under which nothing can be asked for. */

/** What is of use only while the page lives. */
const TOOLS = ".page-only, button, input, select, form, .tools, .options, .table-tools, .buttons, .report-parts, .again, .unseen[role=status], .toggle, script";
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/**
 * @param {Document} page  with the report in it
 * @param {string} title
 * @returns {Blob}
 */
export function reportFile(page, title) {
  const made = page.implementation.createHTMLDocument(title);
  made.documentElement.lang = page.documentElement.lang;
  made.documentElement.dataset.theme = "light";
  const meta = (/** @type {Record<string, string>} */ attributes) => {
    const element = made.createElement("meta");
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const style = made.createElement("style");
  style.textContent = [...page.querySelectorAll("head style")].map((sheet) => sheet.textContent).join("\n");
  made.head.prepend(
    meta({ charset: "utf-8" }),
    meta({ "http-equiv": "Content-Security-Policy", content: POLICY }),
    meta({ name: "viewport", content: "width=device-width, initial-scale=1" }),
  );
  made.head.append(style);
  const main = made.createElement("main");
  main.className = "report-file";
  for (const part of page.querySelectorAll("[data-view=report] > .opening, [data-view=report] > .report")) {
    main.append(made.importNode(part, true));
  }
  // A name that can be chosen on the page is plain text in the file.
  for (const pick of main.querySelectorAll("button.row-pick, button.cell-pick")) pick.replaceWith(...pick.childNodes);
  for (const link of main.querySelectorAll("a")) link.remove();
  for (const tool of main.querySelectorAll(TOOLS)) tool.remove();
  // What offered only a choice has nothing left to say.
  for (const section of main.querySelectorAll("section:not(.view)")) {
    if (!section.querySelector("table, svg, dl, li, .stacks, p:not(.sub, .buttons)")) section.remove();
  }
  for (const pick of main.querySelectorAll("[data-pick]")) pick.remove();
  for (const pick of main.querySelectorAll("[tabindex], [aria-pressed]")) {
    pick.removeAttribute("tabindex");
    pick.removeAttribute("aria-pressed");
    if (pick.getAttribute("role") === "button") pick.removeAttribute("role");
  }
  // The ledger stands in full at the end.
  for (const details of main.querySelectorAll("details")) details.open = !details.matches(".ledger-line");
  const comments = made.createTreeWalker(main, NodeFilter.SHOW_COMMENT);
  const found = [];
  while (comments.nextNode()) found.push(comments.currentNode);
  for (const comment of found) comment.parentNode?.removeChild(comment);
  made.body.append(main);
  return new Blob(["<!doctype html>\n", made.documentElement.outerHTML], { type: "text/html" });
}
