// Without a network: another try, and in the app the own tickets that this browser has kept. A page of a browser lists
// none: the next person at a shared computer would see them.

const STATE = "/state";
const IS_APP = matchMedia("(display-mode: standalone)").matches || navigator.standalone === true;
const nav = document.querySelector("[data-kept]");

const open = () => caches.open(`wartezone-${document.documentElement.dataset.build}`);
const ofTicket = ({ url }) => new URL(url).pathname.startsWith("/t/");

async function showKept() {
  const cache = await open();
  for (const request of (await cache.keys()).filter(ofTicket)) {
    const { pathname } = new URL(request.url);
    if (!pathname.endsWith(STATE)) continue;
    const { state } = await (await cache.match(request)).json();
    nav.querySelector("ul").append(item(pathname.slice(0, -STATE.length), state.number));
    nav.hidden = false;
  }
}

function item(path, number) {
  const link = Object.assign(document.createElement("a"), { href: path });
  link.append(Object.assign(document.createElement("bdi"), { textContent: number }));
  const line = document.createElement("li");
  line.append(link);
  return line;
}

async function forget() {
  const cache = await open();
  await Promise.all((await cache.keys()).filter(ofTicket).map((request) => cache.delete(request)));
  nav.hidden = true;
  document.querySelector("[data-forgotten]").hidden = false;
  document.querySelector("[data-again]").focus();
}

document.querySelector("[data-again]").addEventListener("click", () => location.reload());
nav.querySelector("[data-forget]").addEventListener("click", forget);
addEventListener("online", () => location.reload());
if (IS_APP && "caches" in window) showKept();
