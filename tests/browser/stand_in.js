// A page without Jupyter: it shows explorers whose Python is the test's own process. What a model
// does here is what one of Jupyter's does with the page's half: moves go to Python together, the next
// ones when it has answered, and what Python sends is set and told. See stand_in.py.
(() => {
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
  const halves = new Map(); // the page's half by its text, imported once
  const shown = new Map();
  let asked = 0; // how many messages Python has not answered yet

  class Signal {
    ears = new Set();
    connect = (hear) => this.ears.add(hear);
    disconnect = (hear) => this.ears.delete(hear);
    tell = (...words) => this.ears.forEach((hear) => hear(...words));
  }

  // As much of a kernel as a page looks at; a test says what becomes of it.
  class Kernel {
    status = "idle";
    isDisposed = false;
    statusChanged = new Signal();
    anyMessage = new Signal();
    is(status, cause = "execute_request") {
      this.status = status;
      const msg = { content: { execution_state: status }, parent_header: { msg_type: cause } };
      this.anyMessage.tell(this, { msg, direction: "recv" });
      this.statusChanged.tell(this, status);
    }
  }

  class Model {
    ears = {};
    moved = {};
    waits = [];
    held = false; // whether Python is kept from hearing
    constructor(name, state, kernel) {
      Object.assign(this, { name, state, widget_manager: kernel && { kernel } });
    }
    get = (trait) => this.state[trait];
    set(trait, value) {
      if (same(this.state[trait], value)) return;
      this.moved[trait] = value;
      this.take({ [trait]: value });
    }
    save_changes() {
      if (!Object.keys(this.moved).length) return;
      const last = this.waits.at(-1);
      if (last?.state) Object.assign(last.state, this.moved);
      else this.waits.push({ method: "update", state: this.moved, buffer_paths: [] });
      this.moved = {};
      this.go();
    }
    send(content) {
      this.waits.push({ method: "custom", content });
      this.go();
    }
    on(event, hear) {
      (this.ears[event] ??= new Set()).add(hear);
    }
    off(event, hear) {
      this.ears[event]?.delete(hear);
    }
    tell(event, ...words) {
      this.ears[event]?.forEach((hear) => hear(...words));
    }
    take(state) {
      const news = Object.keys(state).filter((trait) => !same(this.state[trait], state[trait]));
      Object.assign(this.state, state);
      for (const trait of news) this.tell(`change:${trait}`);
    }
    hear({ method, state, content }) {
      if (method === "update") this.take(state);
      if (method === "custom") this.tell("msg:custom", content);
    }
    hold(held) {
      this.held = held;
      this.go();
    }
    async go() {
      const kernel = this.widget_manager?.kernel;
      if (this.held || this.busy || !this.waits.length) return;
      this.busy = true;
      asked += 1;
      const answers = window.tellPython(this.name, this.waits.shift());
      await null; // no kernel is as quick as the page that asks
      kernel?.is("busy", "comm_msg");
      try {
        (await answers).forEach((message) => this.hear(message));
      } finally {
        kernel?.is("idle", "comm_msg");
        this.busy = false;
        asked -= 1;
      }
      this.go();
    }
  }

  const LONG = 1000; // milliseconds; what is put off for longer comes when a test says so
  const later = new Map();
  const { setTimeout: putOff, clearTimeout: drop } = window;
  window.setTimeout = (what, wait = 0) => {
    const timer = putOff.call(window, what, wait < LONG ? wait : 2 ** 31 - 1);
    if (wait >= LONG) {
      later.set(timer, what);
      window.standIn.putOff += 1;
    }
    return timer;
  };
  window.clearTimeout = (timer) => {
    later.delete(timer);
    drop.call(window, timer);
  };

  const running = new Map(); // the timers that go on, with their waits
  const { setInterval: begin, clearInterval: end } = window;
  window.setInterval = (what, wait) => {
    const timer = begin.call(window, what, wait);
    running.set(timer, wait);
    return timer;
  };
  window.clearInterval = (timer) => {
    running.delete(timer);
    end.call(window, timer);
  };

  const frame = () => new Promise((done) => requestAnimationFrame(done));

  window.standIn = {
    putOff: 0, // how often something was put off for long
    newKernel() {
      this.kernel = new Kernel();
    },
    async show(name, { _esm: esm, _css: css, ...state }, withKernel) {
      const url = () => URL.createObjectURL(new Blob([esm], { type: "text/javascript" }));
      if (!halves.has(esm)) halves.set(esm, (await import(url())).default);
      const el = document.createElement("div");
      const style = document.createElement("style");
      style.textContent = css;
      el.id = name;
      document.body.append(style, el);
      const model = new Model(name, state, withKernel ? this.kernel : undefined);
      const close = halves.get(esm).render({ model, el });
      shown.set(name, { model, leave: () => [close(), el.remove(), style.remove()] });
    },
    hide(name) {
      shown.get(name).leave();
      shown.delete(name);
    },
    model: (name) => shown.get(name).model,
    hear: (messages) => messages.forEach(([name, message]) => shown.get(name)?.model.hear(message)),
    async settled() {
      while (asked) await frame();
    },
    timers: () => [...running.values()],
    pass() {
      const due = [...later];
      due.forEach(([timer, what]) => (clearTimeout(timer), what()));
      return due.length;
    },
  };
})();
