// What the wall says while there is no call: that the number will appear, or that nothing is open and nobody is inside.

import { moment, openness, phrase } from "../web/js/ranges.js";

const CLOSED = "closed";

/** `known`: the zones that have said how they stand. */
export function sayNobody(known) {
  const services = known.flatMap(({ stream }) => stream.state.services);
  const now = openness(services);
  if (now.state !== CLOSED || services.some(({ waiting }) => waiting)) return phrase("wall-nobody");
  if (!now.opens_ms) return phrase("wall-closed");
  const [{ stream }] = known;
  return phrase("wall-closed-until", { time: moment(now.opens_ms, stream.now(), stream.state.time_zone) });
}
