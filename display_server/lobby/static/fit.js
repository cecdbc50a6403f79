// Text as large as the style wants it, but never wider than its place: each [data-fit] shrinks by --fit.

export function fitAll() {
  for (const element of document.querySelectorAll("[data-fit]")) fit(element);
}

function fit(element) {
  element.style.setProperty("--fit", 1);
  const needed = element.scrollWidth;
  if (needed > element.clientWidth) element.style.setProperty("--fit", element.clientWidth / needed);
}
