// When nobody is here, the greeting takes turns in all languages; the first touch stops it.

const IDLE_MS = 20_000;
const TURN_MS = 4_000;

export function attract(root) {
  const turns = [...document.querySelectorAll("template[data-language]")].map((template) => ({
    lang: template.dataset.language,
    dir: template.dataset.direction,
    text: template.content.querySelector("[data-greeting]").textContent,
  }));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  let lastMs = performance.now();
  let turn = 0;

  function greet({ lang, dir, text }) {
    Object.assign(root.querySelector("[data-greeting]"), { lang, dir, textContent: text });
  }

  function wake() {
    lastMs = performance.now();
    const own = turns.find(({ lang }) => lang === document.documentElement.lang);
    if (turn && own) greet(own);
    turn = 0;
  }

  setInterval(() => {
    const idle = root.dataset.screen === "start" && performance.now() - lastMs > IDLE_MS;
    if (idle && !still.matches && turns.length > 1) greet(turns[++turn % turns.length]);
  }, TURN_MS);
  for (const kind of ["pointerdown", "keydown"]) addEventListener(kind, wake, { capture: true });
}
