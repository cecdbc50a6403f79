// What this screen keeps over its own reloads and its browser's restarts: a new version neither repeats a call nor loses
// one. A browser that keeps nothing only forgets.

const kept = new Map();
const prefix = `wartezone-wall ${location.pathname} `;

export function recalled(name) {
  try {
    return JSON.parse(localStorage.getItem(prefix + name) ?? "null");
  } catch {
    return null;
  }
}

export function remembered(name, value) {
  const text = JSON.stringify(value);
  if (kept.get(name) === text) return;
  kept.set(name, text);
  try {
    localStorage.setItem(prefix + name, text);
  } catch {
    /* Private windows and full disks: as long as the page lives. */
  }
}
