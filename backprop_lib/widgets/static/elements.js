// What everything on the page is made of: elements, and texts that are written only when they change.

/** @type {Record<string, string>} - or the notebook takes the keys of what has the focus */
export const QUIET = { "data-lm-suppress-shortcuts": "true" };

/**
 * An element with its class, attributes and children.
 *
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {string} [kind]
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function make(name, kind = "", attributes = {}, ...children) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  element.append(...children);
  return element;
}

/**
 * A text as nodes: what stands between two invisible separators is shown fainter.
 *
 * @param {string} text
 */
export function pieces(text) {
  const parts = text.split("\u2063");
  return parts.map((part, place) => (place % 2 ? make("span", "bpf-fainter", {}, part) : part));
}

/**
 * Write only what differs, so that a screen reader is not told the same twice.
 *
 * @param {HTMLElement} element
 * @param {string} text
 */
export function say(element, text) {
  if (element.textContent !== text.replaceAll("\u2063", "")) element.replaceChildren(...pieces(text));
  element.hidden = !text;
}

/** Whether the reader's machine asks for little motion. */
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

/**
 * Whether two values are the same to Python.
 *
 * @param {unknown} one
 * @param {unknown} other
 */
export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

/** A name for an element that no other on the page has. */
export const unique = () => `bpf-${Math.random().toString(36).slice(2)}`;
