// The browser's own way back: one step back on the kiosk, never out of it, and never to what the last visitor saw.

export function catchBack(back) {
  const stay = () => history.pushState({ kiosk: "here" }, "");
  history.replaceState({ kiosk: "floor" }, "");
  stay();
  addEventListener("popstate", () => {
    stay();
    back();
  });
  addEventListener("pageshow", ({ persisted }) => persisted && location.reload());
}
