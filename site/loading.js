// Fetches what Python needs before it is asked for, and tells how far that is.
const root = new URL(".", import.meta.url);
const AT_ONCE = 4; // a browser opens about six connections to a server; two are left for the page

// Fetch the files of python-files.json, `which` being "first" (Python starts with them) or "later".
// `tell(done, all)` hears of every megabyte that has come, in bytes. Throws without a network.
export async function fetchFiles(which, tell = () => {}) {
  await keeper();
  const files = (await (await fetch(new URL("python-files.json", root))).json())[which];
  const here = await kept();
  const all = files.reduce((sum, [, size]) => sum + size, 0);
  const waiting = files.filter(([path, , hash]) => !here.has(`${path}?${hash}`));
  let done = all - waiting.reduce((sum, [, size]) => sum + size, 0);
  tell(done, all);
  const one = async () => {
    for (let file; (file = waiting.shift()); ) {
      const response = await fetch(new URL(file[0], root));
      if (!response.ok) throw new Error(`${file[0]}: ${response.status}`);
      const reader = response.body.getReader();
      for (let part; !(part = await reader.read()).done; ) tell((done += part.value.length), all);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

// What the service worker keeps already, as "path?hash".
async function kept() {
  if (!self.caches) return new Set();
  const requests = await (await caches.open(`backprop-factory ${root.pathname}`)).keys();
  return new Set(requests.map(({ url }) => url.slice(root.href.length)));
}

// Waits for the service worker, which keeps what is fetched. Where there can be none (an address
// with http: that is not this machine's own), the browser's ordinary memory has to do.
export async function keeper() {
  const workers = navigator.serviceWorker;
  if (!workers) return false;
  try {
    await workers.register(new URL("service-worker.js", root), { updateViaCache: "none" });
    if (!workers.controller) {
      const controlled = new Promise((done) =>
        workers.addEventListener("controllerchange", done, { once: true })
      );
      await Promise.race([controlled, new Promise((done) => setTimeout(done, 3000))]);
    }
  } catch (error) {
    console.warn("Nothing can be kept for the next visit:", error);
  }
  return Boolean(workers.controller);
}

// Shows a sentence of the page in the note: one of its data attributes, with its gaps filled.
export function say(note, name, gaps = {}) {
  const sentence = note.dataset[name].replace(/\{(\w+)\}/g, (gap, key) => gaps[key] ?? gap);
  const place = note.querySelector("[role=status]");
  if (place.textContent !== sentence) place.textContent = sentence;
  note.dataset.state = name;
}

// How far it is, in the note's bar and in its sentence, which changes with every whole megabyte.
export const tellIn = (note) => (done, all) => {
  const megabytes = (bytes) => Math.round(bytes / 1e6);
  const bar = note.querySelector("progress");
  bar.max = all;
  bar.value = done;
  say(note, "loading", { done: megabytes(done), all: megabytes(all) });
};
