// Another explorer, which stands below while the trait `opened` holds its name. Who opens it may have
// no room left below: then the page moves until it can be seen.

/** @import { Model } from "./model.js" */
import { calm } from "./elements.js";

/**
 * Show whoever is opened in `room`; returns what ends it.
 *
 * @param {Model} model
 * @param {HTMLElement} room
 */
export function lodge(model, room) {
  const manager = model.widget_manager;
  let last = "";
  const arrived = new ResizeObserver(() => {
    if (!room.offsetHeight) return;
    arrived.disconnect();
    room.scrollIntoView({ block: "nearest", behavior: calm() ? "auto" : "smooth" });
  });
  const change = async () => {
    const name = (last = model.get("opened") ?? "");
    const view = name && (await manager?.create_view(await manager.get_model(name)));
    if (name === last) room.replaceChildren(...(view ? [view.el] : []));
    else if (view) view.remove();
  };
  const changed = () => {
    if (model.get("opened")) arrived.observe(room);
    change();
  };
  model.on("change:opened", changed);
  change();
  return () => {
    model.off("change:opened", changed);
    arrived.disconnect();
  };
}
