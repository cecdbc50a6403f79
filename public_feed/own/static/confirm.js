// Drawn from elsewhere: until when its visitor has to say that they are there, and that it is too late.

const notice = document.querySelector("[data-confirm]");
const thanks = document.querySelector("[data-confirmed]");

/** As it is now; a thank-you once confirmed, wherever that was. */
export function showConfirm({ confirm_by_ms: byMs }, nowMs) {
  if (!notice) return;
  if (byMs) thanks.hidden = true;
  else if (!notice.hidden) thanks.hidden = false;
  notice.hidden = !byMs;
  notice.querySelector("[data-confirm-open]").hidden = byMs <= nowMs;
  notice.querySelector("[data-confirm-lapsed]").hidden = byMs > nowMs;
}
