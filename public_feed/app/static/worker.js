// The service worker. KNOWN comes before it. It keeps what an own ticket's page is made of, the ticket's page as it was
// last seen, and one page that says that there is no network; nothing else. Pages of staff, kiosks and walls pass it by.

const NAME = `wartezone-${KNOWN.build}`;
const SHELL = new Set(KNOWN.shell);
const OWN = /^\/t\/[^/]+$/;
const PUBLIC = /^\/($|widget$|(z(?!\/[^/]+\/(entrance|survey)$)|t|a|survey|appointments|status|easy|videos|accessibility|privacy|imprint)(\/|$))/;
const CALLS = new Set(["called", "recalled"]);
const OWN_MOST = 5;
const OWN_KEPT_MS = 12 * 3600 * 1000;
const KEPT_AT = "x-kept-at";

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(NAME).then((cache) => cache.addAll(KNOWN.shell)));
  self.skipWaiting();
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOld().then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  if (SHELL.has(url.pathname)) event.respondWith(keptFirst(request));
  else if (request.mode === "navigate" && PUBLIC.test(url.pathname)) event.respondWith(networkFirst(event, url));
});

self.addEventListener("message", (event) => {
  const url = new URL(event.data.keep, self.location.origin);
  if (OWN.test(url.pathname)) event.waitUntil(fetch(url).then((answer) => keepOwn(url, answer)));
});

self.addEventListener("push", (event) => {
  const { kind, title, text, path, language } = event.data.json();
  const shown = self.registration.showNotification(title, {
    body: text,
    lang: language,
    icon: KNOWN.icon,
    badge: KNOWN.badge,
    tag: path,
    renotify: true,
    requireInteraction: CALLS.has(kind),
    vibrate: CALLS.has(kind) || kind === "soon" ? [400, 150, 400, 150, 800] : [200],
    data: { path },
  });
  event.waitUntil(shown);
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(show(event.notification.data.path));
});

async function show(path) {
  const { pathname } = new URL(path, self.location.origin);
  const pages = await self.clients.matchAll({ type: "window" });
  const open = pages.find((page) => new URL(page.url).pathname === pathname);
  return open ? open.focus() : self.clients.openWindow(path);
}

async function dropOld() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith("wartezone-") && name !== NAME).map((name) => caches.delete(name)));
}

async function keptFirst(request) {
  const cache = await caches.open(NAME);
  return (await cache.match(request)) ?? fetch(request);
}

async function networkFirst(event, url) {
  try {
    const answer = await fetch(event.request);
    event.waitUntil(OWN.test(url.pathname) ? keepOwn(url, answer.clone()) : forgetOld());
    return answer;
  } catch {
    const cache = await caches.open(NAME);
    const own = OWN.test(url.pathname) && (await cache.match(url.pathname));
    return own || (await cache.match(KNOWN.offline)) || Response.error();
  }
}

/** The page says by itself that it was kept: `data-kept`. What is over is forgotten. */
async function keepOwn(url, answer) {
  const cache = await caches.open(NAME);
  await forgetOwn(cache, answer.ok ? "" : url.pathname);
  if (!answer.ok) return;
  const html = (await answer.text()).replace("<html ", "<html data-kept ");
  const headers = { "Content-Type": "text/html; charset=utf-8", [KEPT_AT]: String(Date.now()) };
  for (const name of ["Content-Security-Policy", "Referrer-Policy"]) headers[name] = answer.headers.get(name) ?? "";
  await cache.put(url.pathname, new Response(html, { headers }));
}

async function forgetOld() {
  await forgetOwn(await caches.open(NAME), "");
}

/** This one, those of half a day ago, and of the rest the oldest beyond a handful. */
async function forgetOwn(cache, path) {
  const pages = (await cache.keys()).map((request) => new URL(request.url).pathname).filter((name) => OWN.test(name));
  const old = [];
  for (const page of pages) {
    const keptMs = Number((await cache.match(page)).headers.get(KEPT_AT));
    if (page === path || Date.now() - keptMs > OWN_KEPT_MS) old.push(page);
  }
  old.push(...pages.filter((page) => !old.includes(page)).slice(0, -OWN_MOST));
  const isOld = ({ pathname }) => old.some((page) => pathname === page || pathname.startsWith(`${page}/`));
  const gone = (await cache.keys()).filter((request) => isOld(new URL(request.url)));
  await Promise.all(gone.map((request) => cache.delete(request)));
}
