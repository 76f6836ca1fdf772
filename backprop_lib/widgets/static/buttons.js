// Controls that are pressed: a button, one that plays, and one that takes a line along.

/** @import { Button, Copy, Play } from "./schema.js" */
/** @import { Python } from "./transport.js" */
import { make, QUIET } from "./elements.js";

/**
 * @param {Button} description
 * @param {Python} python
 */
export function button(description, python) {
  const element = make("button", "bpf-button", { type: "button", ...QUIET });
  element.addEventListener("click", () => {
    if (description.off) return;
    if (description.act) python.ask({ act: description.act });
    else python.set(description.sets);
  });
  return {
    element,
    /** @param {Button} now */
    refresh(now) {
      description = now;
      element.textContent = now.label;
      element.classList.toggle("bpf-play", Boolean(now.main));
      // Not `disabled`: that would drop the keyboard's focus at the last step.
      element.setAttribute("aria-disabled", String(Boolean(now.off)));
    },
  };
}

/**
 * @param {Play} description
 * @param {Python} python
 */
export function play(description, python) {
  const toggle = make("button", "bpf-button bpf-play", { type: "button", ...QUIET });
  const speed = make("select", "bpf-select", QUIET);
  const name = make("span", "bpf-label");
  let timer = 0;
  const stop = () => {
    clearInterval(timer);
    timer = 0;
    toggle.textContent = description.label;
  };
  const tick = () => {
    const next = python.taken(description) + 1;
    if (next <= description.last) python.set({ [description.trait]: next });
    if (next >= description.last) stop();
  };
  const start = () => {
    if (python.taken(description) >= description.last) python.set({ [description.trait]: 0 });
    timer = setInterval(tick, Number(speed.value));
    toggle.textContent = description.pause;
  };
  toggle.addEventListener("click", () => (timer ? stop() : start()));
  speed.addEventListener("change", () => {
    if (timer) {
      stop();
      start();
    }
  });
  return {
    element: make("div", "bpf-field", {}, toggle, make("label", "bpf-slider", {}, name, speed)),
    /** @param {Play} now */
    refresh(now) {
      description = now;
      toggle.textContent = timer ? now.pause : now.label;
      name.textContent = now.speed;
      if (speed.options.length !== now.speeds.length) {
        speed.replaceChildren(...now.speeds.map(([text, wait]) => new Option(text, String(wait))));
        speed.selectedIndex = 1;
      } else now.speeds.forEach(([text], place) => (speed.options[place].text = text));
    },
    close: stop,
  };
}

/** @param {Copy} description */
export function copy(description) {
  const line = make("input", "bpf-code", { type: "text", readonly: "", ...QUIET });
  const name = make("span", "bpf-label");
  const button = make("button", "bpf-button", { type: "button", ...QUIET });
  button.addEventListener("click", async () => {
    line.select();
    // Only a safe address may use the clipboard; elsewhere the old command still does.
    await (navigator.clipboard?.writeText(line.value) ?? Promise.reject()).catch(() =>
      document.execCommand("copy"),
    );
    button.textContent = description.done;
    setTimeout(() => (button.textContent = description.button), 2000);
  });
  return {
    element: make("div", "bpf-field bpf-line", {}, make("label", "bpf-slider", {}, name, line), button),
    /** @param {Copy} now */
    refresh(now) {
      description = now;
      name.textContent = now.label;
      button.textContent = now.button;
      if (line.value !== now.text) line.value = now.text;
    },
  };
}
