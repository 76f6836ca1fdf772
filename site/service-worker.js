// Keeps every file of the site that was fetched once, so that the next visit is quick and works
// without a network. A file is kept under its hash: a new build fetches what has changed, and
// nothing else. Built into this file are the hashes, so a new build is also a new service worker.
const FILES = {}; // path: hash, from the builder
const root = self.registration.scope;
// Named by its folder, as loading.js has it: each of several copies on one host keeps its own.
const KEPT = `backprop-factory ${new URL(root).pathname}`;
const SHARED = "backprop-factory"; // what older builds called it, wherever they were
const coming = new Map(); // what is being fetched just now, so that nothing is fetched twice

const address = (path) => `${root}${path}?${FILES[path]}`;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil(tidy().then(() => self.clients.claim())));

self.addEventListener("fetch", (event) => {
  const { origin, pathname } = new URL(event.request.url);
  if (event.request.method !== "GET" || !(origin + pathname).startsWith(root)) return;
  const path = (origin + pathname).slice(root.length).replace(/(^|\/)$/, "$1index.html");
  if (Object.hasOwn(FILES, path)) event.respondWith(answer(event, path));
});

async function answer(event, path) {
  const cache = await caches.open(KEPT);
  const key = address(path);
  await coming.get(key);
  const kept = await cache.match(key);
  if (kept) return kept;
  let done;
  coming.set(key, new Promise((resolve) => (done = resolve)));
  const finish = () => {
    coming.delete(key);
    done();
  };
  try {
    // "no-cache" asks the server whether the browser's own older copy is still good.
    const response = await fetch(root + path, { cache: "no-cache" });
    const keep = response.status === 200 ? cache.put(key, response.clone()) : Promise.resolve();
    event.waitUntil(keep.catch(() => {}).then(finish)); // a full disk is no reason to fail
    return response;
  } catch (error) {
    finish();
    throw error;
  }
}

async function tidy() {
  const cache = await caches.open(KEPT);
  const wanted = new Set(Object.keys(FILES).map(address));
  const old = (await cache.keys()).filter((request) => !wanted.has(request.url));
  await Promise.all(old.map((request) => cache.delete(request)));
  if (!(await caches.has(SHARED))) return;
  const shared = await caches.open(SHARED);
  const ours = (await shared.keys()).filter(({ url }) => isOurs(url));
  await Promise.all(ours.map((request) => shared.delete(request)));
}

// Another copy's folder may lie within ours: a file is ours if we have one of that name.
function isOurs(url) {
  const path = url.split("?")[0];
  return path.startsWith(root) && Object.hasOwn(FILES, path.slice(root.length));
}
