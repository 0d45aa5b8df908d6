/**
 * Bytes as text that can stand in a script element: seven characters for six bytes,
 * where base64 takes eight. All of them are ASCII, so the text is the same under
 * every charset that a host may name, and none ends a line or an element.
 */

/** The twelve characters of ASCII that are left out: NUL, white space that editors change, and marks of HTML. */
const LEFT_OUT = /[\0\t-\r\x1a\x1b&<>\x7f]/;

const DIGITS = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)).filter((char) => !LEFT_OUT.test(char));
const BASE = DIGITS.length;

/** @param {Uint8Array} bytes @returns {string} */
export function toText(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 6) {
    const group = bytes.subarray(at, at + 6);
    let number = group.reduce((sum, byte) => sum * 256 + byte, 0);
    let chars = "";
    for (let i = 0; i <= group.length; i += 1) {
      chars = DIGITS[number % BASE] + chars;
      number = Math.floor(number / BASE);
    }
    text += chars;
  }
  return text;
}

/** @param {string} text @returns {Uint8Array<ArrayBuffer>} */
export function toBytes(text) {
  const value = new Uint8Array(128);
  DIGITS.forEach((char, i) => (value[char.charCodeAt(0)] = i));
  const bytes = new Uint8Array(Math.floor((text.length * 6) / 7));
  let to = 0;
  for (let at = 0; at < text.length; at += 7) {
    const end = Math.min(at + 7, text.length);
    let number = 0;
    for (let i = at; i < end; i += 1) number = number * BASE + value[text.charCodeAt(i)];
    for (let i = end - at - 2; i >= 0; i -= 1) {
      bytes[to + i] = number % 256;
      number = Math.floor(number / 256);
    }
    to += end - at - 1;
  }
  return bytes;
}
