// The learner's own copies of lessons, which JupyterLite keeps in this browser (IndexedDB).
const root = new URL(".", import.meta.url);
const NAME = `JupyterLite Storage - ${root.pathname}`; // as JupyterLite names it

// Does something with the table of files, or with undefined when nothing was ever saved here.
async function withFiles(mode, use) {
  const database = await new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME);
    request.onupgradeneeded = () => request.transaction.abort(); // not there: do not make it
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => resolve(null);
    request.onblocked = () => reject(new Error("The browser's storage is busy."));
  });
  if (!database) return use(undefined);
  try {
    if (!database.objectStoreNames.contains("files")) return await use(undefined);
    const files = database.transaction("files", mode).objectStore("files");
    return await use(files);
  } finally {
    database.close();
  }
}

const result = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

// The names of the lessons of which this browser has a copy.
export const saved = () => withFiles("readonly", (files) => (files ? result(files.getAllKeys()) : []));

// The notebook in the learner's copy, or undefined.
export const copyOf = (name) =>
  withFiles("readonly", async (files) => files && (await result(files.get(name)))?.content);

export const forget = (name) => withFiles("readwrite", (files) => files && result(files.delete(name)));

// An explorer lives in the Python that drew it. When the page is left, that Python is gone, and the
// saved copy would show an error in its place. It has a picture too: only that is left in the copy.
export const keepPictures = (name) =>
  withFiles("readwrite", async (files) => {
    const file = files && (await result(files.get(name)));
    if (!file?.content?.cells) return;
    const LIVE = "application/vnd.jupyter.widget-view+json";
    let changed = false;
    for (const { outputs = [] } of file.content.cells)
      for (const { data } of outputs)
        if (data?.["text/html"] && LIVE in data) changed = delete data[LIVE];
    if (changed) await result(files.put(file, name));
  });
