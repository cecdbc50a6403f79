// The choice of a counter, as it is now: the server renders it, this page looks again.

const EVERY_MS = 5_000;

async function look() {
  const answer = document.hidden ? null : await fetch(location.href).catch(() => null);
  if (answer?.ok && !answer.redirected) show(new DOMParser().parseFromString(await answer.text(), "text/html"));
  setTimeout(look, EVERY_MS);
}

/** Only cards that differ are exchanged, and none that has the focus. */
function show(fresh) {
  for (const card of document.querySelectorAll("[data-live] [data-id]")) {
    const { live } = card.closest("[data-live]").dataset;
    const now = fresh.querySelector(`[data-live="${CSS.escape(live)}"] [data-id="${CSS.escape(card.dataset.id)}"]`);
    if (now && now.innerHTML !== card.innerHTML && !card.contains(document.activeElement)) card.replaceWith(now);
  }
}

setTimeout(look, EVERY_MS);
