/**
 * `<regulars-dashboard lang="zh-Hans" theme="dark">`: the whole dashboard inside another page.
 * `lang`: a language of the package; the browser's when left out. `theme`: `auto`, `light` or
 * `dark`. `src`: where `regulars.html` is, when it is not beside this module.
 */
export class RegularsDashboard extends HTMLElement {
  /**
   * Opens exports as if they had been dropped: files, bytes or CSV text. They are handed over
   * inside the browser; what is found in them stays in the frame.
   */
  open(sources: Blob | Uint8Array | string | (Blob | Uint8Array | string)[], name?: string): void;
}

declare global {
  interface HTMLElementTagNameMap {
    "regulars-dashboard": RegularsDashboard;
  }
}
