// This browser's push service: asked for a subscription by a tap, and what our server is told of it.

export const CAN = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
/* There only an app on the home screen can. */
export const IS_APPLE = /iPhone|iPad/.test(navigator.userAgent);

/** What the server needs to tell this phone; null where the person or the browser does not want it. */
export async function subscribed(key) {
  if ((await Notification.requestPermission()) !== "granted") return null;
  const { pushManager } = await navigator.serviceWorker.ready;
  const subscription = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  const { endpoint, keys } = subscription.toJSON();
  return { endpoint, keys: { p256dh: keys.p256dh, auth: keys.auth } };
}

/** Where this browser is told, if it is; other pages may be told there too, so it stays. */
export async function endpoint() {
  const { pushManager } = await navigator.serviceWorker.ready;
  return (await pushManager.getSubscription())?.endpoint;
}

export async function tell(path, method, body) {
  const { lang } = document.documentElement;
  const headers = { "Content-Type": "application/json" };
  const address = `${path}/push?lang=${encodeURIComponent(lang)}`;
  const answer = await fetch(address, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(String(answer.status));
}
