// The page's half of every explorer: it shows what Python sends in `view`, and hands the learner's
// moves back as settings. It holds no words and knows no lesson. Python joins it with all that it
// imports into the one text that a page loads (widgets/page.py).

/** @import { Model } from "./model.js" */
/** @import { View } from "./schema.js" */
import { controlsOf } from "./controls.js";
import { make, pieces, say } from "./elements.js";
import { follow } from "./frames.js";
import { handle } from "./hands.js";
import { lodge } from "./lodger.js";
import { pictureOf } from "./picture.js";
import { transport } from "./transport.js";

/**
 * Show an explorer in `el`; returns what takes it away.
 *
 * @param {{ model: Model, el: HTMLElement }} place
 */
function render({ model, el }) {
  /** @type {View} */
  let shown = model.get("view");
  const caption = make("p", "bpf-caption", { role: "status", "aria-live": "polite" });
  const python = transport(model, (sentence) => say(caption, sentence || shown.caption));
  const root = make("div", "bpf", { role: "group" });
  const { stage, timeline, ...picture } = pictureOf();
  const controls = controlsOf(python, root, timeline);
  const description = make("p", "bpf-unseen");
  const message = make("p", "bpf-message", { role: "alert" });
  const formula = make("p", "bpf-formula");
  const title = make("p", "bpf-lines-title");
  const lines = make("dl", "bpf-lines");
  // The controls come before the words, whose lines may be few or many: so no button jumps away.
  root.append(stage, description, timeline, controls.element, message, caption, formula, title, lines);
  const room = make("div", "bpf-room");
  el.append(root, room);

  function update() {
    shown = model.get("view");
    python.answered();
    root.setAttribute("aria-label", shown.title);
    picture.refresh(shown);
    controls.refresh(shown.controls);
    say(caption, shown.caption);
    say(formula, shown.formula);
    say(description, shown.description);
    say(message, shown.message);
    say(title, shown.lines_title);
    lines.replaceChildren(
      ...shown.lines.flatMap(([label, text]) => [
        make("dt", "", {}, label),
        make("dd", "", {}, ...pieces(text)),
      ]),
    );
  }

  handle(stage, python, () => shown);
  model.on("change:view", update);
  update();
  const ends = [follow(model, stage), lodge(model, room), python.close, controls.close];
  return () => {
    model.off("change:view", update);
    ends.forEach((end) => end());
  };
}

export default { render };
