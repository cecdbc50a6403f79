// One's own appointment while its page is open: when the call comes is asked for anew, and the way to check in appears.

const ASK_EVERY_MS = 30_000;

const page = document.querySelector("[data-own]");
const stale = page.querySelector("[data-stale]");

async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(page.dataset.now, { cache: "no-store" });
    if (answer.ok) show(await answer.text());
    else if (answer.status === 404) location.replace(page.dataset.own);
    stale.hidden = answer.ok || answer.status === 404;
  } catch {
    stale.hidden = false;
  }
}

function show(text) {
  const fresh = new DOMParser().parseFromString(text, "text/html");
  const told = when();
  for (const part of page.querySelectorAll("[data-part]")) {
    const next = fresh.querySelector(`[data-part="${part.dataset.part}"]`);
    if (!part.isEqualNode(next)) part.replaceWith(next);
  }
  if (when() !== told) page.querySelector("[data-spoken]").textContent = when();
}

function when() {
  return page.querySelector("[data-when]")?.textContent ?? "";
}

document.addEventListener("visibilitychange", ask);
setInterval(ask, ASK_EVERY_MS);
