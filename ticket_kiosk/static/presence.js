// What this terminal says of itself to the staff's device page, and what it is told from there.

import { Device } from "../web/js/device.js";

const IDENTIFIED_MS = 15_000;

/** `reload` and `volume(percent)` do what staff ask for; `service` learns from every answer. */
export function present(root, { reload, volume, service }) {
  const device = Device.of(root);
  const deeds = {
    reload,
    volume,
    identify: () => identify(root),
  };
  device.addEventListener("command", ({ detail: { name, value } }) => deeds[name]?.(value));
  device.addEventListener("answer", ({ detail }) => service.learn(detail.out_of_service));
  return (facts) => device.tell(facts);
}

function identify(root) {
  root.toggleAttribute("data-identified", true);
  setTimeout(() => root.toggleAttribute("data-identified", false), IDENTIFIED_MS);
}
