// Where a visitor may be sent now: services that are open, counters at which somebody works, never names.

import { phrase } from "../web/js/ranges.js";
import { named } from "../web/js/records.js";

const OPEN = "open";

export function showWays(state, counterId, about) {
  for (const option of document.querySelectorAll("option[data-counter]")) {
    const counter = state.counters.find(({ id }) => id === option.dataset.counter);
    option.disabled = counter?.state === "closed";
    option.textContent = phrase(`way-${counter?.ticket ? "busy" : counter?.state}`, { counter: named(counter?.name) });
  }
  for (const option of document.querySelectorAll("option[data-service]")) {
    const service = state.services.find(({ id }) => id === option.dataset.service);
    option.disabled = option.dataset.service === about?.service;
    option.textContent = phrase(service?.state === OPEN ? "way-service" : "way-service-closed", { service: named(service?.name), waiting: service?.waiting ?? 0 });
  }
}
