// The controls of an explorer, in their places: each kind made by its own function, and kept as long
// as the same ones are asked for.

/** @import { Control } from "./schema.js" */
/** @import { Python } from "./transport.js" */
import { button, copy, play } from "./buttons.js";
import { make } from "./elements.js";
import { choice, progress, question, slider } from "./fields.js";
import { pad } from "./pad.js";

/** @typedef {{ element: HTMLElement, refresh(now: Control): void, close?(): void }} Built */
/** @typedef {(description: Control, python: Python) => Built} Maker */

/** @satisfies {Record<Control["kind"], unknown>} */
const KINDS = { slider, button, play, choice, question, progress, copy, pad };

/**
 * What makes two controls the same one.
 *
 * @param {Control} one
 */
const identity = (one) =>
  `${one.kind} ${"trait" in one ? one.trait : ""} ${"place" in one ? one.place : ""}`;

/** @param {Control} one */
const isOver = (one) => one.kind === "slider" && Boolean(one.over_picture);

/**
 * The controls below the picture, and those that lie over the timeline; in `root`, which they lead
 * where the picture shows what is made in them.
 *
 * @param {Python} python
 * @param {HTMLElement} root
 * @param {HTMLElement} timeline
 */
export function controlsOf(python, root, timeline) {
  const below = make("div", "bpf-controls");
  /** @type {Control[]} */
  let shown = [];
  /** @type {Built[]} */
  let built = [];

  /** @param {Control[]} now */
  function arrange(now) {
    below.replaceChildren(...built.filter((_, n) => !isOver(now[n])).map((one) => one.element));
    if (now.some((one) => one.kind === "pad" && one.first)) root.prepend(below);
    timeline.querySelector(".bpf-over")?.remove();
    timeline.append(...built.filter((_, n) => isOver(now[n])).map((one) => one.element));
    const settings = built.filter((_, n) => /slider|choice/.test(now[n].kind));
    below.classList.toggle("bpf-columns", settings.length === built.length);
    // Among many other controls, many settings stand together, in columns of their own.
    if (settings.length > 6 && settings.length < built.length) {
      const columns = make("div", "bpf-columns");
      settings[0].element.before(columns);
      columns.append(...settings.map((one) => one.element));
    }
  }

  /** @param {Control[]} now */
  function rebuild(now) {
    const held = built.findIndex(({ element }) => element.contains(document.activeElement));
    built.forEach((control) => control.close?.());
    built = now.map((one) => /** @type {Maker} */ (KINDS[one.kind])(one, python));
    arrange(now);
    if (held < 0) return;
    // The keyboard stays on what it has moved, where that is still there.
    const moved = identity(shown[held]);
    const stayed = now[held] && identity(now[held]) === moved;
    const again = stayed ? held : now.findIndex((one) => identity(one) === moved);
    const inside = "input, select, button";
    const element = built[again]?.element;
    const focusable = element?.matches(inside) ? element : element?.querySelector(inside);
    /** @type {HTMLElement | undefined} */ (focusable)?.focus({ preventScroll: true });
  }

  return {
    element: below,
    /** @param {Control[]} now */
    refresh(now) {
      if (now.map(identity).join() !== shown.map(identity).join()) rebuild(now);
      built.forEach((control, place) => control.refresh(now[place]));
      shown = now;
    },
    close() {
      built.forEach((control) => control.close?.());
    },
  };
}
