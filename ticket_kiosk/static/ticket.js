// The screens that show a number: before it is drawn, drawn, and shown again.

import { clock, moment, phrase, sayPosition, sayWait, write } from "../web/js/ranges.js";
import { showReceipt } from "./receipt.js";

const FACTS = ["wait", "ahead", "closing"];
/** What a code may come to where its visitor is still to be called. */
const WAITS = new Set(["waiting", "returned", "confirmed"]);

export function renderConfirm(root, { chosen }, choices) {
  const on = fields(root, "confirm");
  const [first, ...others] = chosen;
  const card = choices.button(first);
  write(on("service"), choices.name(first));
  write(on("info"), others.length ? "" : (card.querySelector(".kiosk-choice__info")?.textContent ?? ""));
  for (const name of FACTS) write(on(name), card.querySelector(`[data-field="${name}"]`).textContent);
  hideEmpty(on);
  const list = root.querySelector("[data-further]");
  list.hidden = on("together").hidden = others.length === 0;
  list.replaceChildren(...others.map((choice) => Object.assign(document.createElement("li"), { textContent: choices.name(choice) })));
}

export function renderTicket(root, { ticket, chosen }, choices, zones) {
  const on = fields(root, "ticket");
  const timeZone = zones.timeZone(ticket.zone);
  const all = chosen.length > 1 ? chosen : [{ zone: ticket.zone, service: ticket.service }];
  write(on("number"), ticket.number);
  write(on("service"), all.map((choice) => choices.name(choice)).join(" · "));
  write(on("time"), clock(ticket.issued_ms, timeZone));
  write(on("wait"), ticket.emergency ? "" : sayWait(ticket, ticket.issued_ms, timeZone));
  write(on("ahead"), ticket.emergency ? "" : sayPosition(ticket, ticket.issued_ms));
  write(on("estimated"), ticket.wait ? phrase("estimated", { time: clock(ticket.issued_ms, timeZone) }) : "");
  write(on("remark"), remark(ticket, zones));
  hideEmpty(on);
  const one = (selector) => root.querySelector(selector);
  one("[data-if-known]").hidden = Boolean(ticket.emergency);
  one("[data-if-emergency]").hidden = !ticket.emergency;
  one("[data-phone]").hidden = !ticket.qr;
  if (ticket.qr) one("[data-qr]").src = ticket.qr;
  if (ticket.url) one("[data-own-page]")?.setAttribute("href", ticket.url);
  if (ticket.receipt) showReceipt(one("[data-receipt]"), ticket.receipt, ticket.qr);
}

/** What the printer does, in one of its sentences; hidden where there is no printer. */
export function renderPaper(root, { paper, ticket }) {
  const seen = paper && sentenceOf(paper, ticket);
  root.querySelector("[data-paper]").hidden = !paper;
  root.querySelector("[data-paper]").dataset.state = seen ?? "none";
  for (const part of root.querySelectorAll("[data-paper-state]")) part.hidden = part.dataset.paperState !== seen;
  root.querySelector("[data-print-again]").hidden = paper?.state !== "refused";
}

function sentenceOf({ state }, { qr }) {
  if (state === "printing" || state === "printed") return state;
  if (state === "unknown" && qr) return "unknown";
  return qr ? "failed" : "failed-no-code";
}

function remark({ slot_ms: slotMs, late, issued_ms: issuedMs, zone }, zones) {
  if (!slotMs) return "";
  return phrase(late ? "remark-late" : "remark-appointment", { time: moment(slotMs, issuedMs, zones.timeZone(zone)) });
}

/** What became of a code. */
export function renderCame(root, { came }, zones) {
  const on = fields(root, "came");
  const timeZone = zones.timeZone(came.zone);
  const at = (ms) => (ms ? moment(ms, zones.now(came.zone), timeZone) : "");
  const counter = said(came.counter_name);
  const values = { slot: at(came.slot_ms), from: at(came.from_ms), counter };
  const title = came.used && came.kind === "waiting" ? "came-used-title" : `came-${came.kind}-title`;
  write(on("title"), phrase(title) || phrase("came-other-title"));
  write(on("text"), phrase(`came-${came.kind}-text`, values) || phrase("came-other-text"));
  write(on("way"), said(came.way));
  write(on("number"), came.number ?? "");
  const isWaiting = WAITS.has(came.kind);
  write(on("wait"), isWaiting && "wait" in came ? sayWait(came, came.now_ms, timeZone) : "");
  write(on("ahead"), isWaiting ? sayPosition(came, came.now_ms) : "");
  hideEmpty(on);
  root.querySelector("[data-came-number]").hidden = !came.number;
  root.querySelector("[data-if-unknown]").hidden = came.kind !== "unknown" && came.kind !== "ticket_number";
}

const said = (words) => words?.[document.documentElement.lang] ?? words?.de ?? Object.values(words ?? {})[0] ?? "";

export const fields = (root, screen) => (name) => root.querySelector(`[data-on="${screen}"] [data-field="${name}"]`);

/** A fact that nobody knows has no frame either. */
function hideEmpty(on) {
  for (const name of ["wait", "ahead"]) on(name).parentElement.hidden = on(name).textContent === "";
  const facts = on("wait").closest("dl");
  facts.hidden = [...facts.children].every((fact) => fact.hidden);
}
