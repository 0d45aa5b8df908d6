/**
 * `<regulars-dashboard>`: the whole dashboard inside another page, walled off from it.
 * It is the single file `regulars.html` in a sandboxed frame of an origin of its own:
 * its policy holds there as it does alone, and the page around it cannot look inside.
 */

import { languageOf } from "./messages.js";

/** What the frame may do; without `allow-same-origin` it shares nothing with the page around it. */
const SANDBOX = "allow-scripts allow-downloads allow-modals";

export class RegularsDashboard extends HTMLElement {
  static observedAttributes = ["lang", "theme", "src"];

  /** @type {HTMLIFrameElement | null} */
  #frame = null;
  /** Whether the dashboard has said that it listens. */
  #ready = false;
  /** @type {File[] | null} handed over before */
  #files = null;

  connectedCallback() {
    addEventListener("message", this.#hear);
    this.style.display ||= "block";
    const frame = document.createElement("iframe");
    frame.title = this.getAttribute("title") ?? "Regulars";
    frame.setAttribute("sandbox", SANDBOX);
    frame.style.cssText = "border: 0; width: 100%; height: 100%; min-height: 40rem; display: block";
    this.#frame = frame;
    this.#show();
    this.replaceChildren(frame);
  }

  disconnectedCallback() {
    removeEventListener("message", this.#hear);
    this.#frame?.remove();
    this.#frame = null;
    this.#ready = false;
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#frame) return;
    if (name === "src") this.#show();
    else this.#tell();
  }

  /**
   * Opens exports as if they had been dropped. They are handed over inside the browser;
   * what is found in them stays in the frame.
   *
   * @param {Blob | Uint8Array | string | (Blob | Uint8Array | string)[]} sources text is CSV
   * @param {string} [name] what to call those that are no `File`
   */
  open(sources, name = "orders.csv") {
    this.#files = [sources].flat().map((source) => (source instanceof File ? source : new File([/** @type {BlobPart} */ (source)], name)));
    this.#tell();
  }

  #show() {
    this.#ready = false;
    if (this.#frame) this.#frame.src = this.getAttribute("src") ?? new URL("./regulars.html", import.meta.url).href;
  }

  #hear = (/** @type {MessageEvent} */ { source, data }) => {
    if (!this.#frame || source !== this.#frame.contentWindow || data?.from !== "regulars") return;
    this.#ready = true;
    this.#tell();
  };

  /** Says what was asked for; files only once. */
  #tell() {
    if (!this.#ready) return;
    const lang = this.getAttribute("lang");
    const files = this.#files;
    this.#files = null;
    // An origin of its own has no name to be addressed by.
    this.#frame?.contentWindow?.postMessage({ to: "regulars", theme: this.getAttribute("theme"), language: lang && languageOf(lang), files }, "*");
  }
}

customElements.define("regulars-dashboard", RegularsDashboard);
