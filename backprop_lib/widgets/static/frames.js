// A picture that goes on by itself. Python sends frames: of each part of the picture that has changed,
// what is in it now, or its attributes. Now and then we say which frame is drawn, so that it does not
// run ahead of us (not each time: a word to the kernel costs Jupyter more than a frame), and at the
// end that we are gone, so that it does not go on for nobody.

/** @import { Model } from "./model.js" */
import { calm, unique } from "./elements.js";
import { tell } from "./transport.js";

/** @typedef {string | Record<string, string>} Part */

/**
 * Draw the frames of an explorer that has some; returns what ends it.
 *
 * @param {Model} model
 * @param {HTMLElement} picture
 */
export function follow(model, picture) {
  if (!model.get("live")) return () => {};
  const page = unique();
  /** @type {Record<string, Part>} */
  let waiting = {};
  let drawing = false;
  let [last, told] = [0, 0];

  async function draw() {
    drawing = true;
    await Promise.allSettled(Object.values(waiting).map(loaded));
    await new Promise((done) => (document.hidden ? setTimeout(done) : requestAnimationFrame(done)));
    const parts = waiting;
    waiting = {};
    for (const place of picture.querySelectorAll("[data-part]")) {
      put(place, parts[/** @type {SVGElement} */ (place).dataset.part ?? ""]);
    }
    drawing = false;
    if (last < told + model.get("live")) return;
    told = last;
    tell(model, { drawn: last });
  }
  /** @type {(message: { frame?: number, parts?: Record<string, Part> }) => void} */
  const hear = ({ frame, parts }) => {
    if (!frame) return;
    Object.assign(waiting, parts); // a frame that we were too slow for is drawn over
    last = frame;
    if (!drawing) draw();
  };
  const motionless = calm();
  /** @param {boolean} open */
  const here = (open) => tell(model, { page, open, calm: motionless });
  const leave = () => here(false);
  model.on("msg:custom", hear);
  window.addEventListener("pagehide", leave);
  here(true);
  return () => {
    model.off("msg:custom", hear);
    window.removeEventListener("pagehide", leave);
    leave();
  };
}

/**
 * An image that is still to be read would flicker.
 *
 * @param {Part} part
 */
async function loaded(part) {
  if (typeof part === "object" && part.href)
    await Object.assign(new Image(), { src: part.href }).decode();
}

/**
 * @param {Element} place
 * @param {Part | undefined} part
 */
function put(place, part = {}) {
  if (typeof part === "string") place.innerHTML = part;
  else for (const [key, value] of Object.entries(part)) place.setAttribute(key, value);
}
