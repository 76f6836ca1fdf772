// What the harness asks from inside the page. It goes through Jupyter's own application object
// (`jupyterapp`, there because the server is started with expose_app_in_browser), which knows the
// state of every cell, where the page's elements would only let one guess.
(() => {
  const VIEW = "application/vnd.jupyter.widget-view+json";
  const panel = () => window.jupyterapp.shell.currentWidget;
  const cells = () => [...panel().content.widgets];
  const codeCells = () => cells().filter((cell) => cell.model.type === "code");
  const kernel = () => panel().sessionContext.session?.kernel;
  const run = (command) => window.jupyterapp.commands.execute(command);
  const frame = () => new Promise((done) => requestAnimationFrame(done));

  // Waits for a condition; gives up when `milliseconds` have passed, or else never.
  async function until(condition, milliseconds = Infinity) {
    const end = performance.now() + milliseconds;
    while (!condition() && performance.now() < end) await frame();
  }

  // Each output of a cell, with the element that shows it.
  function shown(cell) {
    return cell.outputArea.widgets.map((child, index) => ({
      output: cell.model.outputs.get(index)?.toJSON() ?? {},
      node: child.node.querySelector(".jp-OutputArea-output"),
    }));
  }

  // What is wrong with an output, if it is one of a widget: loading, failed, or still empty.
  function widgetTrouble({ output, node }) {
    if (!(VIEW in (output.data ?? {}))) return null;
    const text = node?.textContent.trim() ?? "";
    if (/^(Loading widget|Error \w+ widget)/.test(text)) return text;
    return text || node?.querySelector(":scope > * > *") ? null : "a widget that shows nothing";
  }
  const isLoading = (trouble) => trouble !== null && !trouble.startsWith("Error");

  // Not enough by itself: a subshell's "idle" can arrive while a cell still runs.
  const kernelIsIdle = () =>
    kernel()?.status === "idle" && kernel().connectionStatus === "connected";

  async function settled() {
    await document.fonts.ready;
    const texts = cells().filter((cell) => cell.model.type === "markdown");
    await until(() => texts.every((cell) => cell.node.querySelector(".jp-MarkdownOutput")));
    const formulas = texts.filter((cell) => /\$[^$]+\$/.test(cell.model.sharedModel.getSource()));
    await until(() => formulas.every((cell) => cell.node.querySelector("mjx-container")), 5_000);
    const images = [...panel().node.querySelectorAll("img")].filter((image) => image.src);
    await Promise.all(images.map((image) => image.decode().catch(() => {})));
    await frame();
    await frame();
  }

  async function finished() {
    await until(kernelIsIdle);
    const outputs = () => codeCells().flatMap(shown);
    await until(() => !outputs().map(widgetTrouble).some(isLoading), window.harness.widgetPatience);
    await settled();
  }

  const scroller = () => panel().content.outerNode ?? panel().content.node;

  window.harness = {
    // How many milliseconds a widget has to appear; after that errors() tells of it.
    widgetPatience: 10_000,

    // Slow functions: begin() starts one; when `task.done`, its result or its failure is in `task`.
    begin(name, args) {
      const task = (this.task = { done: false });
      Promise.resolve(this[name](...args))
        .then((result) => (task.result = result), (error) => (task.failure = String(error)))
        .finally(() => (task.done = true));
    },

    async ready() {
      await panel().context.ready;
      await panel().revealed;
      await finished();
    },
    async runAll() {
      await run("notebook:run-all-cells");
      await finished();
    },
    async runCell(index) {
      panel().content.deselectAll();
      panel().content.activeCellIndex = index;
      await run("notebook:run-cell");
      await finished();
    },
    async restart() {
      await panel().sessionContext.restartKernel();
      await run("notebook:clear-all-cell-outputs");
      await finished();
    },
    // As from the menu Kernel: what is on the page stays there.
    async restartKernel() {
      await kernel().restart();
      await until(kernelIsIdle);
    },
    async shutDownKernel() {
      await panel().sessionContext.shutdown();
    },
    async beginCell(index) {
      panel().content.deselectAll();
      panel().content.activeCellIndex = index;
      run("notebook:run-cell");
      await until(() => kernel()?.status === "busy");
    },
    async python(code) {
      const request = { code: "", silent: true, store_history: false, user_expressions: { value: code } };
      const { value } = (await kernel().requestExecute(request).done).content.user_expressions;
      if (value.status !== "ok") throw new Error(`${value.ename}: ${value.evalue}`);
      return value.data["text/plain"];
    },
    async themeIs(theme) {
      await until(() => document.body.dataset.jpThemeLight === String(theme === "light"));
      await settled();
    },
    settled,

    // Quick functions.
    isOpen: () => Boolean(window.jupyterapp?.shell?.currentWidget?.sessionContext),
    isTrusted: () => codeCells().every((cell) => cell.model.trusted),
    sources: () => cells().map((cell) => cell.model.sharedModel.getSource()),
    setSource: (index, source) => cells()[index].model.sharedModel.setSource(source),
    outputs: (index) => cells()[index].model.outputs.toJSON(),
    whereAreWe() {
      const waiting = cells().flatMap((c, i) => (c.model.executionState === "running" ? [i] : []));
      const dialog = document.querySelector(".jp-Dialog")?.textContent ?? "none";
      return `Kernel: ${kernel()?.status}; cells not done: [${waiting}]; dialog: ${dialog}.`;
    },
    errors() {
      return cells().flatMap((cell, index) =>
        cell.model.type !== "code" ? [] : shown(cell).flatMap(({ output, node }) => {
          const trouble = output.output_type === "error"
            ? `${output.ename}: ${output.evalue}`
            : widgetTrouble({ output, node });
          return trouble ? [`cell ${index}: ${trouble}`] : [];
        })
      );
    },
    setSideBar(open) {
      const { shell } = window.jupyterapp;
      open ? shell.expandLeft() : shell.collapseLeft();
    },
    scrollTo: (top) => (scroller().scrollTop = top),
    scrollOn() {
      const before = scroller().scrollTop;
      scroller().scrollTop += scroller().clientHeight - 40;
      return scroller().scrollTop > before;
    },
  };
})();
