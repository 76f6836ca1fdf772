// What the learner's hands do in a picture: whoever is pressed, by mouse or by key, is chosen or let go
// of; arrows go from one to the next, and from step to step.

/** @import { View } from "./schema.js" */
/** @import { Python } from "./transport.js" */
import { same } from "./elements.js";
import { pressables } from "./picture.js";

/**
 * Listen to a picture; `shown` says which View stands there.
 *
 * @param {HTMLElement} picture
 * @param {Python} python
 * @param {() => View} shown
 */
export function handle(picture, python, shown) {
  /** @param {Event} event */
  const pressedBy = ({ target }) =>
    /** @type {SVGElement | null} */ (/** @type {Element} */ (target).closest("[data-trait]"));
  /** @param {SVGElement} pressed */
  const traitOf = (pressed) => pressed.dataset.trait ?? "";

  /** @param {SVGElement} pressed */
  function choose(pressed) {
    const trait = traitOf(pressed);
    const value = JSON.parse(pressed.dataset.value ?? "null");
    if (same(python.taken({ trait }), value)) letGo(pressed);
    else python.set({ [trait]: value });
  }

  /**
   * A second click lets go of what is chosen, where nothing may be chosen.
   *
   * @param {SVGElement} pressed
   */
  function letGo(pressed) {
    const trait = traitOf(pressed);
    if (shown().optional.includes(trait)) python.set({ [trait]: null });
  }

  /** @param {number} by */
  function step(by) {
    const play = shown().controls.find((one) => one.kind === "play");
    if (!play) return;
    const place = Math.max(0, Math.min(play.last, python.taken(play) + by));
    python.set({ [play.trait]: place });
  }

  /** @param {KeyboardEvent} event */
  function press(event) {
    const pressed = pressedBy(event);
    if (!pressed) return;
    const all = pressables(picture);
    /** @param {number} by */
    const beside = (by) => all[(all.indexOf(pressed) + by + all.length) % all.length].focus();
    /** @type {Record<string, () => void>} */
    const moves = {
      Enter: () => choose(pressed),
      " ": () => choose(pressed),
      Escape: () => letGo(pressed),
      ArrowDown: () => beside(1),
      ArrowUp: () => beside(-1),
      ArrowRight: () => step(1),
      ArrowLeft: () => step(-1),
      Home: () => step(-Infinity),
      End: () => step(Infinity),
    };
    if (!(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  }

  picture.addEventListener("click", (event) => {
    const pressed = pressedBy(event);
    if (pressed) choose(pressed);
  });
  picture.addEventListener("keydown", press);
}
