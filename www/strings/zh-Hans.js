/** x */
/** @type {import("../words.js").Catalogue} */
export const words = {
  "drop.here": "拖到这里 zh-Hans",
};
