// The list of zones follows what is typed. The server finds the same: public_feed/now/search.py.

const form = document.querySelector("[data-search]");
const nothing = document.querySelector("[data-nothing]");
const zones = [...document.querySelectorAll("[data-names]")];

/** As it is compared: without case, accents, and what is between words. */
function plain(text) {
  const bare = text.toLowerCase().replaceAll("ß", "ss").normalize("NFKD").replace(/\p{M}/gu, "");
  return bare.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}

function narrow() {
  const words = plain(form.elements.q.value).split(" ");
  for (const zone of zones) zone.hidden = !words.every((word) => zone.dataset.names.includes(word));
  nothing.hidden = zones.some((zone) => !zone.hidden);
}

/* A page that the server narrowed has not all zones: then it goes on finding. */
if (!new URLSearchParams(location.search).get("q")) form.elements.q.addEventListener("input", narrow);
