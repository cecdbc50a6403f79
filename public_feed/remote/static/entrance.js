// The code changes: the page shows itself anew when it does, and as soon as the server is there again.

const RETRY_MS = 5_000;
const { againS } = document.querySelector("[data-again-s]").dataset;

async function showAnew() {
  const answer = await fetch(location.href, { method: "HEAD", cache: "no-store" }).catch(() => null);
  if (answer?.ok) location.reload();
  else setTimeout(showAnew, RETRY_MS);
}

setTimeout(showAnew, Number(againS) * 1000);
