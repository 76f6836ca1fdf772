// The sheet to draw on: a control like the others, and without words of its own. A drawing is a list
// of strokes, each a list of points [x, y] from 0 to 100. It is drawn here at once, and handed on as a
// whole, a few times a second while the pen is down.

/** @import { Pad } from "./schema.js" */
/** @import { Python } from "./transport.js" */
import { make, QUIET, unique } from "./elements.js";

/** @typedef {[number, number]} Point */

const REST = 70; // milliseconds from one handing on to the next
const NEAR = 1; // a point that is nearer to the last one than this is left out
const STRIDE = 5; // how far an arrow key moves the pen; with Shift by 1

/**
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {string} kind
 * @param {Record<string, string>} [attributes]
 */
function svg(name, kind, attributes = {}) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries({ class: kind, ...attributes }))
    element.setAttribute(key, value);
  return element;
}

/** @param {number} number */
const tenths = (number) => Math.round(Math.min(100, Math.max(0, number)) * 10) / 10;

/**
 * @param {Pad} description
 * @param {Python} python
 */
export function pad(description, python) {
  const lines = svg("path", "bpf-stroke");
  const tip = svg("circle", "bpf-pen", { r: "4" });
  const sheet = svg("svg", "bpf-sheet", { viewBox: "0 0 100 100", "aria-hidden": "true" });
  sheet.append(lines, tip);
  const told = unique();
  const paper = make("div", "bpf-pad", {
    role: "application", tabindex: "0", "aria-describedby": told, ...QUIET,
  });
  paper.append(sheet);
  const hint = make("p", "bpf-hint", { id: told });
  const news = make("p", "bpf-unseen", { "aria-live": "polite" });

  /** @type {Point[][]} */
  let strokes = [];
  /** @type {Point} */
  let pen = [50, 50];
  let down = false; // by key
  /** @type {number | null} */
  let pointer = null; // the one that draws; a second finger does not disturb it
  let timer = 0;

  const points = () => strokes.reduce((sum, stroke) => sum + stroke.length, 0);

  function draw() {
    // A closed path of one point is a dot.
    /** @param {Point[]} stroke */
    const line = (stroke) => `M${stroke.join("L")}${stroke.length > 1 ? "" : "Z"}`;
    lines.setAttribute("d", strokes.map(line).join(""));
    tip.setAttribute("cx", String(pen[0]));
    tip.setAttribute("cy", String(pen[1]));
    tip.classList.toggle("bpf-down", down);
  }
  function hand() {
    clearTimeout(timer);
    timer = 0;
    python.set({ [description.trait]: structuredClone(strokes) });
  }
  const handSoon = () => (timer ||= setTimeout(hand, REST));

  /** @param {Point} point */
  function begin(point) {
    if (strokes.length >= description.most_strokes || points() >= description.most_points) return false;
    pen = point;
    strokes = [...strokes, [point]];
    draw();
    handSoon();
    return true;
  }
  /** @param {Point} point */
  function go(point) {
    const stroke = strokes[strokes.length - 1];
    const [x, y] = stroke[stroke.length - 1];
    if (Math.hypot(point[0] - x, point[1] - y) < NEAR || points() >= description.most_points) return;
    pen = point;
    stroke.push(point);
    draw();
    handSoon();
  }

  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  function place(event) {
    const box = sheet.getBoundingClientRect();
    return [
      tenths(((event.clientX - box.left) / box.width) * 100),
      tenths(((event.clientY - box.top) / box.height) * 100),
    ];
  }
  sheet.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    event.preventDefault();
    paper.focus({ preventScroll: true });
    down = false;
    if (!begin(place(event))) return;
    pointer = event.pointerId;
    sheet.setPointerCapture(pointer);
  });
  sheet.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const between = event.getCoalescedEvents?.() ?? [];
    for (const one of between.length ? between : [event]) go(place(one));
  });
  /** @param {PointerEvent} event */
  const lift = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    hand();
  };
  sheet.addEventListener("pointerup", lift);
  sheet.addEventListener("pointercancel", lift);
  sheet.addEventListener("lostpointercapture", lift);

  /**
   * @param {number} x
   * @param {number} y
   */
  function move(x, y) {
    /** @type {Point} */
    const to = [tenths(pen[0] + x), tenths(pen[1] + y)];
    if (down) go(to);
    else pen = to;
  }
  /** @param {KeyboardEvent} event */
  function press(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const stride = event.shiftKey ? 1 : STRIDE;
    const toggle = () => (down = !down && begin(pen));
    const middle = () => {
      down = false;
      pen = [50, 50];
    };
    /** @type {Record<string, () => unknown>} */
    const moves = {
      ArrowLeft: () => move(-stride, 0),
      ArrowRight: () => move(stride, 0),
      ArrowUp: () => move(0, -stride),
      ArrowDown: () => move(0, stride),
      " ": toggle,
      Enter: toggle,
      Escape: () => (down = false),
      Home: middle,
    };
    if (!(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
    draw();
    const words = down ? description.down : description.up;
    news.textContent = words.replace("{x}", String(pen[0])).replace("{y}", String(pen[1]));
  }
  paper.addEventListener("keydown", press);

  // Take what holds, unless the learner is in the middle of a line.
  function take() {
    if (pointer !== null || timer) return;
    const now = python.taken(description);
    if (now.length !== strokes.length) down = false; // its line was taken away
    strokes = structuredClone(now);
    draw();
  }
  const leave = python.watch(description.trait, take);
  return {
    element: make("div", "bpf-drawing", {}, paper, hint, news),
    /** @param {Pad} now */
    refresh(now) {
      description = now;
      paper.setAttribute("aria-label", now.label);
      hint.textContent = now.hint;
      take();
    },
    close() {
      clearTimeout(timer);
      leave();
    },
  };
}
