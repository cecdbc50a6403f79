// What each command asks of the API: its address and its body. Pure. `meant` is the visitor whom the page shows at the
// counter, or whose step it offers to undo: what is pressed is for that one, and not for whoever may be there by now.

/** `ticket` is a booking for what is done to one. `place` is {api, counterUrl, counterId}; `values` are those of the window that asked for more. */
export function orderOf(command, ticket, values, place) {
  const [kind, verb] = command.split("/");
  const of = { counter: place.counterUrl, ticket: `${place.api}/tickets/${encodeURIComponent(ticket)}`, booking: `${place.api}/bookings/${encodeURIComponent(ticket)}` };
  return { url: `${of[kind]}/${verb}`, body: bodyOf(verb, values, place.counterId) };
}

function bodyOf(verb, { reason, mode, minutes, to, service, services, outcome, current, meant, note, kiosk }, counterId) {
  switch (verb) {
    case "open":
      return services ? { services } : {};
    case "call-next":
      return current ? { current, meant } : {};
    case "recall":
    case "start":
    case "miss":
    case "undo":
      return { meant };
    case "finish":
      return outcome ? { outcome, meant } : { meant };
    case "call":
      return { counter: counterId };
    case "park":
      return reason ? { reason, meant } : { meant };
    case "pause":
      return reason ? { reason } : {};
    case "return":
      return mode === "after" ? { mode, after_s: 60 * Number(minutes) } : { mode };
    case "transfer":
      return { ...destination(to), by_counter: counterId, ...(note ? { reason: note } : {}) };
    case "serve":
    case "add-service":
      return { service };
    case "print":
      return kiosk ? { kiosk } : {};
    default:
      return {};
  }
}

/** "service:short" or "counter:2" */
function destination(to) {
  const colon = to.indexOf(":");
  return { [to.slice(0, colon)]: to.slice(colon + 1) };
}
