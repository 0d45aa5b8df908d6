/** x */
export const language = "zh-Hans";
/** @type {Record<string, string>} */
export const sentences = {
  "already-closed": "zh-Hans已关闭。",
};
