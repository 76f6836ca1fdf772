// The way to Python and back: settings as traits, deeds as words, and a sentence where nobody answers.

/** @import { Message, Model } from "./model.js" */
import { same } from "./elements.js";
import { listening } from "./silence.js";

/** @typedef {{ trait: string, place?: number }} Held - a setting, or one number of its list */
/** @typedef {ReturnType<typeof transport>} Python */

/**
 * A word to Python. A kernel that was started afresh has nobody to hear it.
 *
 * @param {Model} model
 * @param {Record<string, unknown>} words
 */
export function tell(model, words) {
  try {
    model.send(words);
  } catch {
    return;
  }
}

/**
 * What hurries the kernel's answers to our moves.
 *
 * Jupyter's server keeps small messages back until the page has acknowledged the one before, and
 * the page's machine takes 40 ms for that, unless it has something to send itself. So as soon as
 * the kernel says that it is busy with our move, we send it an empty word, and the new picture
 * comes at once. Where there is no such kernel, nothing is lost. Of an explorer that goes on by
 * itself it may be busy with something else first, so there the next three times count. (That it is
 * busy is read off the message itself: `statusChanged` comes after Jupyter has shown it everywhere.)
 *
 * @param {Model} model
 */
function hurrying(model) {
  const heard = model.widget_manager?.kernel?.anyMessage;
  let waiting = 0;
  /** @type {(kernel: unknown, message: Message) => void} */
  const hurry = (_kernel, { msg, direction }) => {
    if (!waiting || direction !== "recv" || msg.content.execution_state !== "busy") return;
    waiting -= 1;
    tell(model, {});
  };
  heard?.connect(hurry);
  return {
    moved() {
      waiting = model.get("live") ? 3 : 1;
    },
    close() {
      heard?.disconnect(hurry);
    },
  };
}

/**
 * Python, as the page's controls see it. `say` shows a sentence while nobody answers, and with ""
 * takes it back.
 *
 * @param {Model} model
 * @param {(sentence: string) => void} say
 */
export function transport(model, say) {
  const hurry = hurrying(model);
  const silence = listening(model, say);
  return {
    answered: silence.answered,

    /**
     * Move settings, all of them at once.
     *
     * @param {Record<string, unknown>} changes
     */
    set(changes) {
      // What is so already is not answered, so no answer to it is missed.
      const isNews = Object.entries(changes).some(([trait, to]) => !same(model.get(trait), to));
      for (const [trait, value] of Object.entries(changes)) model.set(trait, value);
      model.save_changes();
      hurry.moved();
      if (isNews) silence.moved();
    },

    /**
     * Ask for a deed, which is no setting.
     *
     * @param {Record<string, unknown>} words
     */
    ask(words) {
      tell(model, words);
      hurry.moved();
      silence.moved();
    },

    /**
     * What a setting is, as far as the page knows.
     *
     * @param {Held} held
     */
    taken({ trait, place }) {
      return place === undefined ? model.get(trait) : model.get(trait)[place];
    },

    /**
     * A setting with another value, or its list with another number in that place.
     *
     * @param {Held} held
     * @param {number} value
     */
    placed({ trait, place }, value) {
      if (place === undefined) return value;
      const list = /** @type {number[]} */ (model.get(trait));
      return list.map((old, n) => (n === place ? value : old));
    },

    /**
     * Act whenever a setting changes, until what is returned is called.
     *
     * @param {string} trait
     * @param {() => void} act
     */
    watch(trait, act) {
      model.on(`change:${trait}`, act);
      return () => model.off(`change:${trait}`, act);
    },

    close() {
      hurry.close();
      silence.close();
    },
  };
}
