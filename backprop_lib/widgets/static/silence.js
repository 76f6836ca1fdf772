// Where Python does not answer a move, the page says why, with the sentences that Python has sent in
// `unanswered` while it was there. A page that knows no kernel of Jupyter's says nothing.

const PATIENCE = 3000; // milliseconds in which Python has begun with a move, where it is free

// `say` shows a sentence, or with "" takes it back.
function listening(model, say) {
  const manager = model.widget_manager;
  const kernel = manager?.kernel;
  if (!kernel?.statusChanged) return { moved() {}, answered() {}, close() {} };
  let afresh = false;
  let told = false;
  let timer = null;

  function lost() {
    const now = manager.kernel;
    if (!now || now.isDisposed || /^(dead|terminating)$/.test(now.status)) return "stopped";
    return afresh || now !== kernel ? "afresh" : "";
  }
  function tell(why) {
    told = true;
    say(model.get("unanswered")?.[why] ?? "");
  }
  function moved() {
    if (lost()) return tell(lost());
    // From the first move on that waits: one after the other would put it off for ever.
    timer ??= setTimeout(() => {
      timer = null;
      tell(lost() || (kernel.status === "busy" ? "busy" : "quiet"));
    }, PATIENCE);
  }
  function rest() {
    const waited = timer !== null;
    clearTimeout(timer);
    timer = null;
    return waited;
  }
  function answered() {
    if (lost()) return;
    rest();
    if (told) say("");
    told = false;
  }
  // A kernel that was started afresh knows nothing of us, whatever it goes on to say.
  const changed = (_kernel, status) => {
    if (!/restarting$/.test(status)) return;
    afresh = true;
    if (rest() || told) tell("afresh");
  };
  // It has begun with what a page has sent it. What it does in between, such as a cell, is no answer.
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

