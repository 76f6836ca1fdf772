// The page's half of every explorer: it shows what Python sends in `view`, and hands the learner's
// moves back as traits. It holds no words and knows no lesson. What `view` may hold is written in
// widgets/explorer.py and widgets/controls.py.

const QUIET = { "data-lm-suppress-shortcuts": "true" }; // or the notebook takes our keys

function make(name, kind, attributes = {}, ...children) {
  const element = document.createElement(name);
  if (kind) element.className = kind;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// What stands between two invisible separators is shown fainter.
function pieces(text) {
  const parts = text.split("\u2063");
  return parts.map((part, place) => (place % 2 ? make("span", "bpf-fainter", {}, part) : part));
}

// Write only what differs, so that a screen reader is not told the same twice.
function say(element, text) {
  if (element.textContent !== text.replaceAll("\u2063", "")) element.replaceChildren(...pieces(text));
  element.hidden = !text;
}

function slider(description, hands) {
  const log = description.scale === "log";
  const input = make("input", "bpf-range", { type: "range", ...QUIET });
  const name = make("span", "bpf-label");
  const value = make("span", "bpf-value", { "aria-hidden": "true" });
  const element = make("label", description.over_picture ? "bpf-over" : "bpf-slider", {}, name, input);
  input.addEventListener("input", () => {
    const place = Number(input.value);
    hands.set({ [description.trait]: hands.placed(description, log ? round(10 ** place) : place) });
  });
  const round = (number) => Number(number.toPrecision(2));
  return {
    element: description.over_picture ? element : make("div", "bpf-field", {}, element, value),
    refresh(now) {
      description = now;
      name.textContent = now.label;
      value.textContent = now.text;
      Object.assign(input, { min: now.min, max: now.max, step: now.step });
      input.setAttribute("aria-valuetext", now.text);
      const number = hands.taken(now);
      input.value = log ? Math.log10(number) : number;
    },
  };
}

function button(description, hands) {
  const element = make("button", "bpf-button", { type: "button", ...QUIET });
  element.addEventListener("click", () => {
    if (description.off) return;
    if (description.act) hands.tell({ act: description.act });
    else hands.set(description.sets);
  });
  return {
    element,
    refresh(now) {
      description = now;
      element.textContent = now.label;
      element.classList.toggle("bpf-play", Boolean(now.main));
      // Not `disabled`: that would drop the keyboard's focus at the last step.
      element.setAttribute("aria-disabled", String(Boolean(now.off)));
    },
  };
}

function play(description, hands) {
  const toggle = make("button", "bpf-button bpf-play", { type: "button", ...QUIET });
  const speed = make("select", "bpf-select", QUIET);
  const name = make("span", "bpf-label");
  let timer = null;
  const stop = () => {
    clearInterval(timer);
    timer = null;
    toggle.textContent = description.label;
  };
  const tick = () => {
    const next = hands.taken(description) + 1;
    if (next <= description.last) hands.set({ [description.trait]: next });
    if (next >= description.last) stop();
  };
  const start = () => {
    if (hands.taken(description) >= description.last) hands.set({ [description.trait]: 0 });
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
    refresh(now) {
      description = now;
      toggle.textContent = timer ? now.pause : now.label;
      name.textContent = now.speed;
      if (speed.options.length !== now.speeds.length) {
        speed.replaceChildren(...now.speeds.map(([text, wait]) => new Option(text, wait)));
        speed.selectedIndex = 1;
      } else now.speeds.forEach(([text], place) => (speed.options[place].text = text));
    },
    close: stop,
  };
}

function choice(description, hands) {
  const select = make("select", "bpf-select", QUIET);
  const name = make("span", "bpf-label");
  let offered = "";
  // The value itself, and not the text that an option holds of it: a number stays a number.
  select.addEventListener("change", () => {
    const [value] = description.options[select.selectedIndex];
    hands.set({ [description.trait]: value });
  });
  return {
    element: make("label", "bpf-slider", {}, name, select),
    refresh(now) {
      description = now;
      name.textContent = now.label;
      const options = JSON.stringify(now.options);
      if (options !== offered)
        select.replaceChildren(...now.options.map(([value, text]) => new Option(text, value)));
      offered = options;
      const taken = JSON.stringify(hands.taken(now));
      select.selectedIndex = now.options.findIndex(([value]) => JSON.stringify(value) === taken);
    },
  };
}

function question(description, hands) {
  const legend = make("legend", "bpf-legend");
  const element = make("fieldset", "bpf-question", {}, legend);
  // The radios of one question share a name, and with no other question of the page.
  const group = `bpf-question-${Math.random().toString(36).slice(2)}`;
  const inputs = description.options.map((text, place) => {
    const input = make("input", "", { type: "radio", name: group, value: place, ...QUIET });
    input.addEventListener("change", () => hands.set({ [description.trait]: place }));
    element.append(make("label", "bpf-answer-row", {}, input, make("span", "", {}, text)));
    return input;
  });
  return {
    element,
    refresh(now) {
      legend.textContent = now.label;
      inputs.forEach((input, place) => {
        input.checked = hands.taken(now) === place;
        input.parentElement.dataset.verdict = input.checked ? now.verdict : "";
      });
    },
  };
}

function progress(description) {
  const bar = make("progress", "bpf-progress");
  const name = make("span", "bpf-label");
  const value = make("span", "bpf-value");
  const label = make("label", "bpf-slider", {}, name, bar);
  return {
    element: make("div", "bpf-field", {}, label, value),
    refresh(now) {
      name.textContent = now.label;
      value.textContent = now.text;
      Object.assign(bar, { max: now.max, value: now.value });
    },
  };
}

// A line to take along: it can be selected, and a button takes it to the clipboard.
function copy(description) {
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
    refresh(now) {
      description = now;
      name.textContent = now.label;
      button.textContent = now.button;
      if (line.value !== now.text) line.value = now.text;
    },
  };
}

const KINDS = { slider, button, play, choice, question, progress, copy };

// A word to Python. A kernel that was started afresh has nobody to hear it.
function tell(model, words) {
  try {
    model.send(words);
  } catch {
    return;
  }
}

// Jupyter's server keeps small messages back until the page has acknowledged the one before, and
// the page's machine takes 40 ms for that, unless it has something to send itself. So as soon as
// the kernel says that it is busy with our move, we send it an empty word, and the new picture
// comes at once. Where there is no such kernel, nothing is lost. Of an explorer that goes on by
// itself it may be busy with something else first, so there the next three times count. (That it is
// busy is read off the message itself: `statusChanged` comes after Jupyter has shown it everywhere.)
function hurrying(model) {
  const heard = model.widget_manager?.kernel?.anyMessage;
  let waiting = 0;
  const hurry = (_kernel, { msg, direction }) => {
    if (!waiting || direction !== "recv" || msg.content.execution_state !== "busy") return;
    waiting -= 1;
    tell(model, {});
  };
  const moved = () => (waiting = model.get("live") ? 3 : 1);
  heard?.connect(hurry);
  return { moved, close: () => heard?.disconnect(hurry) };
}

// An explorer that goes on by itself sends frames: of each part of the picture that has changed,
// what is in it now, or its attributes. Now and then we say which frame is drawn, so that it does
// not run ahead of us (not each time: a word to the kernel costs Jupyter more than a frame), and at
// the end that we are gone, so that it does not go on for nobody.
function follows(model, picture) {
  if (!model.get("live")) return () => {};
  const page = Math.random().toString(36).slice(2);
  const loaded = ({ href }) => Object.assign(new Image(), { src: href }).decode();
  const shown = () => new Promise(document.hidden ? setTimeout : requestAnimationFrame);
  let [waiting, drawing, last, told] = [{}, false, 0, 0];
  const draw = async () => {
    drawing = true;
    // An image that is still to be read would flicker.
    await Promise.allSettled(Object.values(waiting).filter((part) => part.href).map(loaded));
    await shown();
    const parts = waiting;
    waiting = {};
    for (const place of picture.querySelectorAll("[data-part]")) {
      const part = parts[place.dataset.part];
      if (typeof part === "string") place.innerHTML = part;
      else for (const [key, value] of Object.entries(part ?? {})) place.setAttribute(key, value);
    }
    drawing = false;
    if (last < told + model.get("live")) return;
    told = last;
    tell(model, { drawn: last });
  };
  const hear = ({ frame, parts }) => {
    if (!frame) return;
    Object.assign(waiting, parts); // a frame that we were too slow for is drawn over
    last = frame;
    if (!drawing) draw();
  };
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const here = (open) => tell(model, { page, open, calm });
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

// Another explorer, which stands below while the trait `opened` holds its name. Who opens it may
// have no room left below: then the page moves until it can be seen.
function lodger(model, room) {
  let last = "";
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const arrived = new ResizeObserver(() => {
    if (!room.offsetHeight) return;
    arrived.disconnect();
    room.scrollIntoView({ block: "nearest", behavior: calm ? "auto" : "smooth" });
  });
  const change = async () => {
    const name = (last = model.get("opened") ?? "");
    const guest = name && (await model.widget_manager.get_model(name));
    const view = guest && (await model.widget_manager.create_view(guest));
    if (name === last) room.replaceChildren(...(view ? [view.el] : []));
    else view?.remove();
  };
  const changed = () => {
    if (model.get("opened")) arrived.observe(room);
    change();
  };
  model.on("change:opened", changed);
  change();
  return () => {
    model.off("change:opened", changed);
    arrived.disconnect();
  };
}

function render({ model, el }) {
  const hurry = hurrying(model);
  const silence = listening(model, (sentence) => say(caption, sentence || shown.caption));
  const hands = {
    set(changes) {
      // What is so already is not answered, so no answer to it is missed.
      const text = JSON.stringify;
      const isNews = Object.entries(changes).some(([trait, to]) => text(model.get(trait)) !== text(to));
      for (const [trait, value] of Object.entries(changes)) model.set(trait, value);
      model.save_changes();
      hurry.moved();
      if (isNews) silence.moved();
    },
    tell(words) {
      tell(model, words);
      hurry.moved();
      silence.moved();
    },
    // A slider may hold one number of a list.
    taken({ trait, place }) {
      return place === undefined ? model.get(trait) : model.get(trait)[place];
    },
    placed({ trait, place }, value) {
      if (place === undefined) return value;
      return model.get(trait).map((old, n) => (n === place ? value : old));
    },
  };
  hands.watch = (trait, act) => {
    model.on(`change:${trait}`, act);
    return () => model.off(`change:${trait}`, act);
  };
  const picture = make("div", "bpf-stage");
  const timeline = make("div", "bpf-timeline");
  const controls = make("div", "bpf-controls");
  const caption = make("p", "bpf-caption", { role: "status", "aria-live": "polite" });
  const formula = make("p", "bpf-formula");
  const description = make("p", "bpf-unseen");
  const title = make("p", "bpf-lines-title");
  const lines = make("dl", "bpf-lines");
  const message = make("p", "bpf-message", { role: "alert" });
  // The controls come before the words, whose lines may be few or many: so no button jumps away.
  const root = make("div", "bpf", { role: "group" }, picture, description, timeline, controls);
  root.append(message, caption, formula, title, lines);
  const room = make("div", "bpf-room");
  el.append(root, room);

  let shown = {};
  let built = [];

  function swapPicture(now) {
    if (now.picture === shown.picture) return;
    const focused = picture.contains(document.activeElement) ? document.activeElement : null;
    const key = focused?.dataset.value;
    picture.innerHTML = now.picture;
    const moving = "moment" in shown && now.moment !== shown.moment;
    picture.classList.toggle("bpf-moving", moving);
    if (moving) follow();
    if (key) [...workers()].find((one) => one.dataset.value === key)?.focus({ preventScroll: true });
  }

  // Where the page is too narrow for the picture, what works now comes to its middle.
  function follow() {
    const active = picture.querySelector("[class*='bpf-active']");
    if (!active || picture.scrollWidth <= picture.clientWidth) return;
    const [here, all] = [active.getBoundingClientRect(), picture.getBoundingClientRect()];
    picture.scrollLeft += here.left + here.width / 2 - (all.left + all.width / 2);
  }

  function swapControls(now) {
    const kind = (one) => `${one.kind} ${one.trait} ${one.place}`;
    const kinds = (view) => view.controls?.map(kind).join();
    if (kinds(now) !== kinds(shown)) {
      const held = built.findIndex(({ element }) => element.contains(document.activeElement));
      built.forEach((control) => control.close?.());
      built = now.controls.map((one) => KINDS[one.kind](one, hands));
      const over = (place) => now.controls[place].over_picture;
      controls.replaceChildren(...built.filter((_, n) => !over(n)).map((one) => one.element));
      // What the picture shows may be made in the controls: then they come before it.
      if (now.controls.some((one) => one.first)) root.prepend(controls);
      timeline.querySelector(".bpf-over")?.remove();
      timeline.append(...built.filter((_, n) => over(n)).map((one) => one.element));
      const settings = built.filter((_, n) => /slider|choice/.test(now.controls[n].kind));
      controls.classList.toggle("bpf-columns", settings.length === built.length);
      // Among many other controls, many settings stand together, in columns of their own.
      if (settings.length > 6 && settings.length < built.length) {
        const columns = make("div", "bpf-columns");
        settings[0].element.before(columns);
        columns.append(...settings.map((one) => one.element));
      }
      // The keyboard stays on what it has moved, where that is still there.
      const same = (one) => held >= 0 && one && kind(one) === kind(shown.controls[held]);
      const again = same(now.controls[held]) ? held : now.controls.findIndex(same);
      const inside = "input, select, button";
      const element = built[again]?.element;
      (element?.matches(inside) ? element : element?.querySelector(inside))?.focus({ preventScroll: true });
    }
    built.forEach((control, place) => control.refresh(now.controls[place]));
  }

  function update() {
    const now = model.get("view");
    silence.answered();
    root.setAttribute("aria-label", now.title);
    swapPicture(now);
    if (now.timeline !== shown.timeline) {
      timeline.querySelector("svg")?.remove();
      if (now.timeline) timeline.insertAdjacentHTML("afterbegin", now.timeline);
      timeline.querySelector("svg")?.setAttribute("aria-hidden", "true"); // its slider tells it all
    }
    swapControls(now);
    say(caption, now.caption);
    say(formula, now.formula);
    say(description, now.description);
    say(message, now.message);
    say(title, now.lines_title);
    lines.replaceChildren(
      ...now.lines.flatMap(([label, text]) => [make("dt", "", {}, label), make("dd", "", {}, ...pieces(text))]),
    );
    shown = now;
  }

  const workers = () => picture.querySelectorAll("[data-trait]");

  function choose(worker) {
    const value = JSON.parse(worker.dataset.value);
    const same = JSON.stringify(model.get(worker.dataset.trait)) === JSON.stringify(value);
    if (same) letGo(worker);
    else hands.set({ [worker.dataset.trait]: value });
  }

  // A second click lets go of what is chosen, where nothing may be chosen.
  function letGo({ dataset: { trait } }) {
    if (shown.optional.includes(trait)) hands.set({ [trait]: null });
  }

  function press(event) {
    const worker = event.target.closest("[data-trait]");
    if (!worker) return;
    const all = [...workers()];
    const beside = (by) => all[(all.indexOf(worker) + by + all.length) % all.length].focus();
    const step = shown.controls.find((one) => one.kind === "play");
    const go = (place) =>
      step && hands.set({ [step.trait]: Math.max(0, Math.min(step.last, place)) });
    const moves = {
      Enter: () => choose(worker),
      " ": () => choose(worker),
      Escape: () => letGo(worker),
      ArrowDown: () => beside(1),
      ArrowUp: () => beside(-1),
      ArrowRight: () => go(model.get(step?.trait) + 1),
      ArrowLeft: () => go(model.get(step?.trait) - 1),
      Home: () => go(0),
      End: () => go(step?.last),
    };
    if (!(event.key in moves) || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    moves[event.key]();
  }

  picture.addEventListener("click", (event) => {
    const worker = event.target.closest("[data-trait]");
    if (worker) choose(worker);
  });
  picture.addEventListener("keydown", press);
  model.on("change:view", update);
  update();
  const leave = [follows(model, picture), lodger(model, room)];
  return () => {
    model.off("change:view", update);
    leave.forEach((end) => end());
    hurry.close();
    silence.close();
    built.forEach((control) => control.close?.());
  };
}

export default { render };
