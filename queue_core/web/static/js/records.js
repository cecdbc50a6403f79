// Records of the stream, shown by the page's own <template>s: this file holds no words and makes no markup.

import { write } from "./ranges.js";

/** Writes `values` into the elements of `root` marked data-field="name"; an empty one hides its element. */
export function fill(root, values) {
  for (const [name, value] of Object.entries(values)) {
    for (const element of root.querySelectorAll(`[data-field="${name}"]`)) write(element, value ?? "");
  }
}

/** Makes the children of `list` one element for each record, in order, and keeps those that are there already: what a
 * person has focused stays where it is. `show(element, record)` fills one. */
export function showRecords(list, template, records, show) {
  const wanted = new Set(records.map((record) => record.id));
  for (const element of [...list.children]) if (!wanted.has(element.dataset.id)) element.remove();
  const known = new Map([...list.children].map((element) => [element.dataset.id, element]));
  let before = list.firstElementChild;
  for (const record of records) {
    const element = known.get(record.id) ?? made(template, record.id);
    show(element, record);
    if (element === before) before = before.nextElementSibling;
    else list.insertBefore(element, before);
  }
}

/** A language map in the page's language. */
export function named(words) {
  return words?.[document.documentElement.lang] ?? Object.values(words ?? {})[0] ?? "";
}

function made(template, id) {
  const element = template.content.firstElementChild.cloneNode(true);
  element.dataset.id = id;
  return element;
}
