// What a device says of itself, in words of the page.

import { locale, phrase } from "../web/js/ranges.js";

const SKEW_MOST_MS = 2_000;
const BUILD_SHOWN = 8;
const DAY_MS = 86_400_000;

/** field -> text; an empty one is not shown. */
export function told(device, timeZone) {
  const { facts } = device;
  return {
    seen: device.seen_ms ? moment(device.seen_ms, timeZone) : "",
    shown: shown(device),
    sound: facts.audio ? phrase(`sound-${facts.audio}`) : "",
    volume: facts.volume == null ? "" : number(facts.volume),
    printer: printer(device),
    unknown: facts.journal?.unknown ? number(facts.journal.unknown) : "",
    refused: facts.journal?.refused ? number(facts.journal.refused) : "",
    emergency: facts.emergency_left == null ? "" : number(facts.emergency_left),
    reach: facts.reach_m == null ? "" : phrase("metres", { metres: number(facts.reach_m) }),
    broken: (facts.broken_media ?? []).join(" · "),
    server: facts.server ? phrase(`server-${facts.server}`) : "",
    screen: facts.screen ? phrase(`screen-${facts.screen}`) || facts.screen : "",
    clock: skew(device.skew_ms),
    build: build(device),
  };
}

function shown({ facts, newest }) {
  const zones = Object.entries(facts.rendered ?? {}).filter(([zone]) => newest[zone]);
  return zones.map(([zone, [, seq]]) => phrase("shown-of", { seq: number(seq), newest: number(newest[zone][1]) })).join(" · ");
}

/** One state, the one that must be mended first: a printer without paper is not "ready". */
function printer({ kind, seen_ms: seenMs, facts }) {
  if (!facts.printer) return kind === "agent" && seenMs ? phrase("printer-none") : "";
  const { online, cover_open: isOpen, paper = "unknown", fault } = facts.printer;
  if (!online) return phrase("printer-offline");
  if (isOpen) return phrase("printer-cover");
  if (paper === "out") return phrase("printer-out");
  return fault || phrase(`printer-${paper === "ok" ? "ready" : paper}`);
}

function skew(ms) {
  if (ms == null) return "";
  return Math.abs(ms) <= SKEW_MOST_MS ? phrase("clock-right") : phrase("clock-off", { seconds: number(Math.round(ms / 1000)) });
}

function build({ build: whole, is_old: isOld }) {
  const short = whole.slice(0, BUILD_SHOWN);
  return isOld ? phrase("build-old", { build: short }) : short;
}

const number = (n) => new Intl.NumberFormat(locale()).format(n);

function moment(ms, timeZone) {
  const long = Date.now() - ms > DAY_MS ? { dateStyle: "medium" } : {};
  return new Intl.DateTimeFormat(locale(), { timeStyle: "medium", ...long, timeZone }).format(ms);
}
