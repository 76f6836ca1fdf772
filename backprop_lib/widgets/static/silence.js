// Where Python does not answer a move, the page says why, with the sentences that Python has sent in
// `unanswered` while it was there. A page that knows no kernel of Jupyter's says nothing.

/** @import { Kernel, Message, Model } from "./model.js" */

const PATIENCE = 3000; // milliseconds in which Python has begun with a move, where it is free

/**
 * What is told of each move and each answer, and notices when none comes. `say` shows a sentence, or
 * with "" takes it back.
 *
 * @param {Model} model
 * @param {(sentence: string) => void} say
 */
export function listening(model, say) {
  const kernel = model.widget_manager?.kernel;
  return kernel?.statusChanged ? heeding(model, kernel, say) : { moved() {}, answered() {}, close() {} };
}

/**
 * @param {Model} model
 * @param {Kernel} kernel
 * @param {(sentence: string) => void} say
 */
function heeding(model, kernel, say) {
  let afresh = false;
  let told = false;
  let timer = 0;

  function lost() {
    const now = model.widget_manager?.kernel;
    if (!now || now.isDisposed || /^(dead|terminating)$/.test(now.status)) return "stopped";
    return afresh || now !== kernel ? "afresh" : "";
  }
  /** @param {string} why */
  function explain(why) {
    told = true;
    say(model.get("unanswered")?.[why] ?? "");
  }
  function moved() {
    if (lost()) return explain(lost());
    // From the first move on that waits: one after the other would put it off for ever.
    timer ||= setTimeout(() => {
      timer = 0;
      explain(lost() || (kernel.status === "busy" ? "busy" : "quiet"));
    }, PATIENCE);
  }
  function rest() {
    const waited = timer !== 0;
    clearTimeout(timer);
    timer = 0;
    return waited;
  }
  function answered() {
    if (lost()) return;
    rest();
    if (told) say("");
    told = false;
  }
  // A kernel that was started afresh knows nothing of us, whatever it goes on to say.
  /** @type {(kernel: unknown, status: string) => void} */
  const changed = (_kernel, status) => {
    if (!/restarting$/.test(status)) return;
    afresh = true;
    if (rest() || told) explain("afresh");
  };
  // It has begun with what a page has sent it. What it does in between, such as a cell, is no answer.
  /** @type {(kernel: unknown, message: Message) => void} */
  const heard = (_kernel, { msg, direction }) => {
    const begun = msg.content.execution_state && msg.parent_header.msg_type === "comm_msg";
    if (direction === "recv" && begun) answered();
  };
  kernel.statusChanged.connect(changed);
  kernel.anyMessage.connect(heard);
  return {
    moved,
    answered,
    close() {
      rest();
      kernel.statusChanged.disconnect(changed);
      kernel.anyMessage.disconnect(heard);
    },
  };
}

