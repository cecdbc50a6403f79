// What this screen has announced, kept over its own reloads: a new version neither repeats a call nor loses one.

const KEY = `announced:${location.pathname}`;

export function recalled() {
  return JSON.parse(sessionStorage.getItem(KEY) ?? "null");
}

export function remembered(mark) {
  sessionStorage.setItem(KEY, JSON.stringify(mark));
}
