// The page's own elements by name.

export const part = (name, root = document) => root.querySelector(`[data-part="${name}"]`);
export const template = (name) => document.querySelector(`[data-template="${name}"]`);

/** Shows the element or hides it, and says whether it is shown. */
export function show(element, isShown) {
  if (element.hidden === isShown) element.hidden = !isShown;
  return isShown;
}

/** A drawn arrow, or none. */
export function point(box, arrow) {
  const isShown = Boolean(arrow) && arrow !== "none";
  box.hidden = !isShown;
  if (isShown) box.querySelector("use").setAttribute("href", `#arrow-${arrow}`);
}
