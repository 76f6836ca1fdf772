// The picture and its line of time: swapped when Python sends others, with the focus where it was, and
// moving where another moment is shown.

/** @import { View } from "./schema.js" */
import { make } from "./elements.js";

/** Where the picture stands, and what takes a View to be shown there. */
export function pictureOf() {
  const stage = make("div", "bpf-stage");
  const timeline = make("div", "bpf-timeline");
  /** @type {Partial<View>} */
  let shown = {};

  /** @param {View} now */
  function swap(now) {
    const focused = document.activeElement;
    const key = stage.contains(focused) && focused?.getAttribute("data-value");
    stage.innerHTML = now.picture;
    const moving = shown.moment !== undefined && now.moment !== shown.moment;
    stage.classList.toggle("bpf-moving", moving);
    if (moving) centre();
    const again = key && pressables(stage).find((one) => one.dataset.value === key);
    if (again) again.focus({ preventScroll: true });
  }

  // Where the page is too narrow for the picture, what works now comes to its middle.
  function centre() {
    const active = stage.querySelector("[class*='bpf-active']");
    if (!active || stage.scrollWidth <= stage.clientWidth) return;
    const [here, all] = [active.getBoundingClientRect(), stage.getBoundingClientRect()];
    stage.scrollLeft += here.left + here.width / 2 - (all.left + all.width / 2);
  }

  /** @param {string} drawing */
  function swapTimeline(drawing) {
    timeline.querySelector("svg")?.remove();
    timeline.insertAdjacentHTML("afterbegin", drawing);
    timeline.querySelector("svg")?.setAttribute("aria-hidden", "true"); // its slider tells it all
  }

  return {
    stage,
    timeline,
    /** @param {View} now */
    refresh(now) {
      if (now.picture !== shown.picture) swap(now);
      if (now.timeline !== shown.timeline) swapTimeline(now.timeline);
      shown = now;
    },
  };
}

/**
 * All in a picture that can be pressed, in its order.
 *
 * @param {Element} picture
 */
export function pressables(picture) {
  return [.../** @type {NodeListOf<SVGElement>} */ (picture.querySelectorAll("[data-trait]"))];
}
