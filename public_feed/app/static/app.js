// On every page for everybody: the service worker, the word for having no network, and the offer to install.

const { lang, dataset } = document.documentElement;
const OFFLINE = "/offline";
const SETTLED_MS = 1000;

async function prepare() {
  await navigator.serviceWorker.register("/sw.js");
  const cache = await caches.open(`wartezone-${dataset.build}`);
  const answer = await fetch(`${OFFLINE}?lang=${encodeURIComponent(lang)}`);
  if (answer.ok) await cache.put(OFFLINE, answer);
}

/* Browsers that can install say so; the others have their own menus. */
addEventListener("beforeinstallprompt", (offer) => {
  const button = document.querySelector("[data-install]");
  if (!button) return;
  offer.preventDefault();
  button.hidden = false;
  button.addEventListener("click", () => offer.prompt(), { once: true });
});
addEventListener("appinstalled", () => document.querySelector("[data-install]")?.setAttribute("hidden", ""));

/* Only encrypted pages, and those of this machine, may have one. The page itself comes first. */
if ("serviceWorker" in navigator && location.pathname !== OFFLINE) {
  addEventListener("load", () => setTimeout(() => prepare().catch(() => undefined), SETTLED_MS));
}
