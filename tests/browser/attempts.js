/**
 * Ways in which a page or a worker could send something out, each aimed at a
 * server of the test. They run inside the browser: nothing here may refer to
 * anything outside the function.
 */

/**
 * Makes one attempt; whether it arrives is counted at the server.
 *
 * @param {{ name: string, sink: string, udp: number }} options `sink` is the server's origin
 * @returns {Promise<string>} "tried", or why it could not be
 */
export async function attempt({ name, sink, udp }) {
  const url = `${sink}/${name}`;
  const scope = /** @type {any} */ (globalThis);
  const source = (/** @type {string} */ code) =>
    URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  /** @param {string} tag @param {Record<string, string>} attributes */
  const element = (tag, attributes) => {
    const made = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    (tag === "link" ? document.head : document.body).append(made);
    return /** @type {any} */ (made);
  };
  /** @param {string} rel @param {Record<string, string>} [more] */
  const link = (rel, more = {}) => element("link", { rel, href: url, ...more });
  /** @param {any} global */
  const rtc = async (global) => {
    const peer = new global.RTCPeerConnection({ iceServers: [{ urls: `stun:127.0.0.1:${udp}` }] });
    peer.createDataChannel("x");
    await peer.setLocalDescription(await peer.createOffer());
  };
  const peerFrame = async () => {
    const frame = document.createElement("iframe");
    document.body.append(frame);
    await rtc(frame.contentWindow);
  };

  /** @type {Record<string, () => unknown>} */
  const ways = {
    fetch: () => fetch(url, { mode: "no-cors" }),
    "fetch-keepalive": () => fetch(url, { mode: "no-cors", method: "POST", body: "x", keepalive: true }),
    xhr: () => {
      const request = new XMLHttpRequest();
      request.open("POST", url);
      request.send("x");
    },
    websocket: () => new WebSocket(url.replace("http", "ws")),
    eventsource: () => new EventSource(url),
    beacon: () => navigator.sendBeacon(url, "x"),
    image: () => {
      new Image().src = url;
    },
    picture: () => element("img", { srcset: `${url} 2x` }),
    video: () => element("video", { src: url, preload: "auto" }),
    audio: () => new Audio(url).play(),
    track: () => element("video", { poster: url }),
    script: () => element("script", { src: url }),
    "module-script": () => element("script", { src: url, type: "module" }),
    import: () => import(url),
    stylesheet: () => link("stylesheet"),
    "css-import": () => {
      element("style", {}).textContent = `@import url("${url}");`;
    },
    "css-image": () => element("div", { style: `width: 9px; height: 9px; background: url("${url}")` }),
    font: () => new FontFace("x", `url("${url}")`).load(),
    "svg-image": () => {
      const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      const image = document.createElementNS("http://www.w3.org/2000/svg", "image");
      image.setAttribute("href", url);
      svg.append(image);
      document.body.append(svg);
    },
    prefetch: () => link("prefetch"),
    preload: () => link("preload", { as: "image" }),
    modulepreload: () => link("modulepreload"),
    icon: () => link("icon"),
    iframe: () => element("iframe", { src: url }),
    object: () => element("object", { data: url }),
    embed: () => element("embed", { src: url }),
    form: () => {
      element("iframe", { name });
      element("form", { action: url, target: name }).submit();
    },
    "form-post": () => {
      element("iframe", { name });
      element("form", { action: url, target: name, method: "post" }).submit();
    },
    ping: () => {
      const anchor = element("a", { href: "#", ping: url });
      anchor.click();
    },
    "worker-url": () => new Worker(url),
    "shared-worker": () => new SharedWorker(url),
    "service-worker": () => navigator.serviceWorker.register(url),
    "nested-worker": () => new Worker(source(`fetch(${JSON.stringify(url)}, { mode: "no-cors" })`)),
    "nested-import-scripts": () => new Worker(source(`importScripts(${JSON.stringify(url)})`)),
    "nested-module": () => new Worker(source(`import(${JSON.stringify(url)})`), { type: "module" }),
    "import-scripts": () => scope.importScripts(url),
    "data-frame": () => element("iframe", { src: `data:text/html,<img src="${url}">` }),
    "srcdoc-frame": () => element("iframe", { srcdoc: `<img src="${url}">` }),
    "srcdoc-script": () => element("iframe", { srcdoc: `<script>fetch("${url}", { mode: "no-cors" })</script>` }),
    "blob-frame": () => {
      const page = new Blob([`<img src="${url}">`], { type: "text/html" });
      element("iframe", { src: URL.createObjectURL(page) });
    },
    "inner-html": () => {
      element("div", {}).innerHTML = `<img src="${url}">`;
    },
    eval: () => (0, eval)(`fetch(${JSON.stringify(url)}, { mode: "no-cors" })`),
    "inline-handler": () => {
      element("div", { onclick: `fetch(${JSON.stringify(url)}, { mode: "no-cors" })` }).click();
    },
    base: () => {
      const base = document.createElement("base");
      base.href = `${sink}/`;
      document.head.append(base);
      element("img", { src: "base" });
    },
    webrtc: () => rtc(scope),
    "webrtc-frame": () => peerFrame(),
  };
  try {
    const tried = ways[name]();
    // A refusal may come late or never: what counts is what arrives.
    await Promise.race([tried, new Promise((done) => setTimeout(done, 300))]);
    return "tried";
  } catch (error) {
    return String(error);
  }
}

/** Attempts that a page can make. */
export const ON_PAGE = [
  "fetch", "fetch-keepalive", "xhr", "websocket", "eventsource", "beacon", "image", "picture", "video",
  "audio", "track", "script", "module-script", "import", "stylesheet", "css-import", "css-image", "font",
  "svg-image", "prefetch", "preload", "modulepreload", "icon", "iframe", "object", "embed", "form",
  "form-post", "ping", "worker-url", "shared-worker", "service-worker", "nested-worker",
  "nested-import-scripts", "nested-module", "data-frame", "srcdoc-frame", "srcdoc-script", "blob-frame",
  "inner-html", "eval", "inline-handler", "base", "webrtc", "webrtc-frame",
];

/** Attempts that a worker can make. */
export const IN_WORKER = [
  "fetch", "fetch-keepalive", "xhr", "websocket", "eventsource", "import", "font", "worker-url",
  "nested-worker", "nested-import-scripts", "nested-module", "import-scripts", "eval",
];
