// Drawn from elsewhere: until when its visitor has to say that they are there, and that it is too late.

const notice = document.querySelector("[data-confirm]");

/** As it is now; nothing to say once confirmed. */
export function showConfirm({ confirm_by_ms: byMs }, nowMs) {
  if (!notice) return;
  notice.hidden = !byMs;
  notice.querySelector("[data-confirm-open]").hidden = byMs <= nowMs;
  notice.querySelector("[data-confirm-lapsed]").hidden = byMs > nowMs;
}
