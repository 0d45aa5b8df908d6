/** Which language the page speaks: the browser's at first, then the chosen one. */

import { languageOf, languages } from "regulars";

/**
 * The locale in which a language is written here: the browser's own, such as `en-GB`, where it fits.
 * @param {string} language
 * @param {readonly string[]} wanted  the browser's list
 */
export const localeOf = (language, wanted) => wanted.find((tag) => languageOf(tag) === language) ?? language;

/** The first language of the browser's list that there is. @param {readonly string[]} wanted */
export const firstLanguage = (wanted) => wanted.map((tag) => languageOf(tag)).find((language) => language !== null) ?? "en";

/** All languages, each by its own name. */
export const LANGUAGES = languages.map((language) => {
  const name = new Intl.DisplayNames([language], { type: "language" }).of(language) ?? language;
  return { language, name: name.charAt(0).toLocaleUpperCase(language) + name.slice(1) };
});
