// Text as large as the style wants it, but never larger than its place: each [data-fit] shrinks by --fit. One marked
// "wrap" may break into lines before it becomes too small to read.

const LEAST_ON_ONE_LINE = 0.7;
const LEAST = 0.3;
const STEP = 0.9;

export function fitAll(root = document) {
  for (const element of root.querySelectorAll("[data-fit]")) fit(element);
}

function fit(element) {
  element.classList.remove("lobby__wraps");
  const alone = fitted(element);
  if (alone >= LEAST_ON_ONE_LINE || element.dataset.fit !== "wrap") return;
  element.classList.add("lobby__wraps");
  let size = 1;
  do {
    element.style.setProperty("--fit", size);
    size *= STEP;
  } while (size > LEAST && isTooLarge(element));
}

function fitted(element) {
  element.style.setProperty("--fit", 1);
  if (!element.clientWidth || element.scrollWidth <= element.clientWidth) return 1;
  const share = element.clientWidth / element.scrollWidth;
  element.style.setProperty("--fit", share);
  return share;
}

const isTooLarge = (element) =>
  element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight + 1;
