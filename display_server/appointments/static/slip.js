// Paper for the visitor: without scripts the browser's own menu prints the same.

const place = document.querySelector("[data-print]");
if (place) {
  place.hidden = false;
  place.querySelector("button").addEventListener("click", () => print());
}
