// Without a network: the own tickets that this browser has kept, and another try.

const STATE = "/state";

async function showKept() {
  const nav = document.querySelector("[data-kept]");
  const cache = await caches.open(`wartezone-${document.documentElement.dataset.build}`);
  for (const request of await cache.keys()) {
    const { pathname } = new URL(request.url);
    if (!pathname.startsWith("/t/") || !pathname.endsWith(STATE)) continue;
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

document.querySelector("[data-again]").addEventListener("click", () => location.reload());
addEventListener("online", () => location.reload());
if ("caches" in window) showKept();
