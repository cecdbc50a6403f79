// A video from elsewhere is asked for when its button is pressed, not before.

for (const card of document.querySelectorAll("[data-elsewhere]")) {
  const button = card.querySelector("[data-play]");
  button.hidden = false;
  button.addEventListener("click", () => play(card));
}

function play(card) {
  const frame = document.createElement("iframe");
  frame.className = "videos-screen";
  frame.title = card.dataset.title;
  frame.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
  // YouTube plays nothing for pages that do not name their site.
  frame.referrerPolicy = "strict-origin-when-cross-origin";
  frame.src = card.dataset.elsewhere;
  card.querySelector("img.videos-screen")?.remove();
  card.querySelector(".wz-actions").replaceWith(frame);
  frame.focus();
}
