// What this page last knew, kept in the browser for when there is no network; the app's service worker keeps the page.

const NAME = `wartezone-${document.documentElement.dataset.build}`;
/* Browsers keep nothing for pages that are not encrypted. */
const CAN = "caches" in window && "serviceWorker" in navigator;

const open = () => caches.open(NAME);

export async function keep(path, what, value) {
  if (CAN) await (await open()).put(`${path}/${what}`, new Response(JSON.stringify(value)));
}

export async function kept(path, what) {
  const found = CAN && (await (await open()).match(`${path}/${what}`));
  return found ? found.json() : null;
}

/** The visit is over: nothing of it stays. */
export async function forget(path) {
  if (!CAN) return;
  const cache = await open();
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (pathname === path || pathname.startsWith(`${path}/`)) await cache.delete(request);
  }
}

/** Asks the service worker to keep the page as it is, for this load may have passed it by. */
export async function keepPage(path) {
  if (!CAN) return;
  const { active } = await navigator.serviceWorker.ready;
  active?.postMessage({ keep: `${path}${location.search}` });
}
