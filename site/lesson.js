// What the site adds to JupyterLite's page of one notebook: it says while Python is loading and how
// far that is, and leads back to all lessons.
import { fetchFiles, say, tellIn } from "./loading.js";
import { keepPictures } from "./saved.js";

performance.setResourceTimingBufferSize(1000); // all that the page loads
const note = document.getElementById("python");
const name = new URLSearchParams(location.search).get("path");

// JupyterLite's own script waits for this before it opens the notebook.
export const ready = keepPictures(name).catch((error) => console.warn(error));

const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const panel = () => window.jupyterapp?.shell?.currentWidget;

async function pythonIsReady() {
  while (panel()?.sessionContext?.session?.kernel?.status !== "idle") await pause(100);
}

async function tellOfPython() {
  fetchFiles("first", tellIn(note))
    .then(() => note.dataset.state === "loading" && say(note, "starting"))
    .catch(() => say(note, "failed"));
  await pythonIsReady();
  say(note, "ready");
  await pause(4000);
  note.hidden = true;
  // For the lessons to come, also without a network: what was loaded before anything could be kept.
  for (const { name } of performance.getEntriesByType("resource"))
    if (name.startsWith(new URL("..", location).href)) await fetch(name);
  await fetchFiles("later");
}

// The way back stands before the menus, which are there on a narrow screen too. JupyterLite's own
// logo leads to its list of files, which the site has not.
async function leadBack() {
  while (!document.getElementById("jp-MainMenu") || !document.getElementById("jp-NotebookLogo"))
    await pause(100);
  document.getElementById("jp-NotebookLogo").remove();
  const link = Object.assign(document.createElement("a"), {
    id: "all-lessons",
    href: "../index.html",
    textContent: note.dataset.back,
    onclick: (event) => {
      if (event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      leaveFor("../index.html");
    },
  });
  document.getElementById("jp-MainMenu").before(link);
}

// A link from lesson to lesson opens that lesson here; JupyterLite would look for its list of files.
function followLinks(event) {
  const link = event.target.closest?.("[data-commandlinker-command='application:handle-local-link']");
  const path = link && JSON.parse(link.dataset.commandlinkerArgs).path;
  if (!path?.endsWith(".ipynb")) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const there = `index.html?path=${encodeURIComponent(path)}`;
  if (event.ctrlKey || event.metaKey) window.open(there);
  else leaveFor(there);
}

async function leaveFor(there) {
  if (panel()?.context.model.dirty) await window.jupyterapp.commands.execute("docmanager:save");
  location.assign(there);
}

document.addEventListener("click", followLinks, true);
leadBack();
tellOfPython().catch((error) => console.warn(error));
