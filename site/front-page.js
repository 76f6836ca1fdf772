// The front page: fetches Python while one reads, and minds the learner's own copies of lessons.
import { fetchFiles, say, tellIn } from "./loading.js";
import { copyOf, forget, saved } from "./saved.js";

const note = document.getElementById("python");
const dialog = document.getElementById("afresh");

async function showCopies() {
  const names = new Set(await saved());
  for (const lesson of document.querySelectorAll("[data-lesson]"))
    for (const button of lesson.querySelectorAll("button"))
      button.hidden = !names.has(lesson.dataset.lesson);
}

async function download(name) {
  const text = JSON.stringify(await copyOf(name), null, 1);
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "application/x-ipynb+json" }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

document.querySelector(".lessons").addEventListener("click", ({ target }) => {
  const lesson = target.closest("[data-lesson]");
  if (target.matches(".download")) download(lesson.dataset.lesson);
  if (!target.matches(".afresh")) return;
  dialog.onclose = async () => {
    if (dialog.returnValue !== "afresh") return;
    await forget(lesson.dataset.lesson);
    await showCopies();
    lesson.querySelector("a").focus();
  };
  dialog.returnValue = "keep";
  dialog.showModal();
});

showCopies();
window.addEventListener("pageshow", showCopies); // back from a lesson
fetchFiles("first", tellIn(note))
  .then(() => say(note, "ready"))
  .then(() => fetchFiles("later"))
  .catch(() => say(note, "failed"));
