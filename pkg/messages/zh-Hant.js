/** x */
export const language = "zh-Hant";
/** @type {Record<string, string>} */
export const sentences = {
  "already-closed": "zh-Hant已关闭。",
};
