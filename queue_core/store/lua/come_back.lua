--[[ come_back: a missed visitor is there after all and joins the queue again, as the zone's rules allow.
ARGS
  ticket: ticket id
EVENTS returned
ERRORS unknown_ticket, unknown_service, unknown_class, wrong_state, return_not_allowed, return_too_late
]]
return function(z, args)
  local t, rules = WZ.ticket(z, args.ticket), WZ.rules(z)
  if t.state ~= STATE.missed then
    WZ.refuse(R.wrong_state, {ticket = t.id, number = t.number, state = t.state, allowed = {STATE.missed}})
  end
  local details = {ticket = t.id, number = t.number, until_ms = (t.missed_ms or 0) + rules.missed_return_ms}
  if rules.missed_return == MISSED_RETURN.no then WZ.refuse(R.return_not_allowed, {ticket = t.id, number = t.number}) end
  if z.now_ms > details.until_ms then WZ.refuse(R.return_too_late, details) end
  local rank_ms = t.rank_ms
  if rules.missed_return == MISSED_RETURN['end'] then
    rank_ms = z.now_ms - WZ.head_start_ms(WZ.service(z, t.service), t.visitor_class)
  end
  return {WZ.ticket_event('returned', t, {mode = rules.missed_return, rank_ms = rank_ms, by = 'visitor'})}
end
