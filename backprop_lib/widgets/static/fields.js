// Controls that hold a value: a slider, a list to choose from, a question's answers, and a bar.

/** @import { Answers, Choice, Progress, Slider } from "./schema.js" */
/** @import { Python } from "./transport.js" */
import { make, QUIET, same, unique } from "./elements.js";

/**
 * @param {Slider} description
 * @param {Python} python
 */
export function slider(description, python) {
  const log = description.scale === "log";
  const input = make("input", "bpf-range", { type: "range", ...QUIET });
  const name = make("span", "bpf-label");
  const value = make("span", "bpf-value", { "aria-hidden": "true" });
  const element = make("label", description.over_picture ? "bpf-over" : "bpf-slider", {}, name, input);
  input.addEventListener("input", () => {
    const place = Number(input.value);
    const number = log ? Number((10 ** place).toPrecision(2)) : place;
    python.set({ [description.trait]: python.placed(description, number) });
  });
  return {
    element: description.over_picture ? element : make("div", "bpf-field", {}, element, value),
    /** @param {Slider} now */
    refresh(now) {
      description = now;
      name.textContent = now.label;
      value.textContent = now.text;
      Object.assign(input, { min: now.min, max: now.max, step: now.step });
      input.setAttribute("aria-valuetext", now.text);
      const number = python.taken(now);
      input.value = String(log ? Math.log10(number) : number);
    },
  };
}

/**
 * @param {Choice} description
 * @param {Python} python
 */
export function choice(description, python) {
  const select = make("select", "bpf-select", QUIET);
  const name = make("span", "bpf-label");
  /** @type {Choice["options"]} */
  let offered = [];
  // The value itself, and not the text that an option holds of it: a number stays a number.
  select.addEventListener("change", () => {
    const [value] = description.options[select.selectedIndex];
    python.set({ [description.trait]: value });
  });
  return {
    element: make("label", "bpf-slider", {}, name, select),
    /** @param {Choice} now */
    refresh(now) {
      description = now;
      name.textContent = now.label;
      if (!same(now.options, offered))
        select.replaceChildren(...now.options.map(([value, text]) => new Option(text, value)));
      offered = now.options;
      const taken = python.taken(now);
      select.selectedIndex = now.options.findIndex(([value]) => same(value, taken));
    },
  };
}

/**
 * @param {Answers} description
 * @param {Python} python
 */
export function question(description, python) {
  const legend = make("legend", "bpf-legend");
  const element = make("fieldset", "bpf-question", {}, legend);
  const group = unique(); // the radios of one question share a name
  const rows = description.options.map((text, place) => {
    const input = make("input", "", { type: "radio", name: group, value: place, ...QUIET });
    input.addEventListener("change", () => python.set({ [description.trait]: place }));
    const row = make("label", "bpf-answer-row", {}, input, make("span", "", {}, text));
    element.append(row);
    return { input, row };
  });
  return {
    element,
    /** @param {Answers} now */
    refresh(now) {
      legend.textContent = now.label;
      rows.forEach(({ input, row }, place) => {
        input.checked = python.taken(now) === place;
        row.dataset.verdict = input.checked ? now.verdict : "";
      });
    },
  };
}

/** What only shows how far something has come. */
export function progress() {
  const bar = make("progress", "bpf-progress");
  const name = make("span", "bpf-label");
  const value = make("span", "bpf-value");
  const label = make("label", "bpf-slider", {}, name, bar);
  return {
    element: make("div", "bpf-field", {}, label, value),
    /** @param {Progress} now */
    refresh(now) {
      name.textContent = now.label;
      value.textContent = now.text;
      Object.assign(bar, { max: now.max, value: now.value });
    },
  };
}
