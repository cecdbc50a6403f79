// Which of the counter's services the clerk takes today: chosen when the counter is opened.

import { part } from "./page.js";

const boxes = () => [...part("skills").querySelectorAll("input")];

/** All of them need not be named, and after a break they are those of before. */
export function chosenServices(counter) {
  if (counter.state !== "closed") return {};
  const chosen = boxes().filter((box) => box.checked);
  return chosen.length && chosen.length < boxes().length ? { services: chosen.map((box) => box.value) } : {};
}

export function showSkills(counter) {
  part("skills").hidden = counter.state !== "closed" || boxes().length < 2;
  const none = boxes().every((box) => !box.checked);
  part("skills-none").hidden = !none;
  if (counter.state === "closed") part("next").disabled = none;
  else part("next").disabled = false;
}
