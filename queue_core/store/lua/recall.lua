--[[ recall: calls the held ticket again, with a pause and only so often.
ARGS
  counter: counter id
  meant: the ticket that is held, or nothing
EVENTS recalled
ERRORS unknown_counter, counter_idle, other_ticket, wrong_state, recall_too_soon, recalls_exhausted
]]
return function(z, args)
  local t = WZ.held_ticket(z, args.counter, args.meant)
  WZ.require_from('recalled', t)
  local rules, recalls = WZ.rules(z), (t.recalls or 0) + 1
  if recalls > rules.recalls_most then WZ.refuse(R.recalls_exhausted, {most = rules.recalls_most}) end
  local from_ms = math.max(t.called_ms, t.recalled_ms or 0) + rules.recall_pause_ms
  if z.now_ms < from_ms then WZ.refuse(R.recall_too_soon, {from_ms = from_ms}) end
  return {WZ.ticket_event('recalled', t, {counter = args.counter, recalls = recalls})}
end
