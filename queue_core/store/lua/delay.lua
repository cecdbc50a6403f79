--[[ delay: a waiting visitor needs a little longer; the place is kept, the call comes later, and only so often.
ARGS
  ticket: ticket id
EVENTS returned
ERRORS unknown_ticket, wrong_state, delays_exhausted
]]
return function(z, args)
  local t, rules = WZ.ticket(z, args.ticket), WZ.rules(z)
  if t.state ~= STATE.waiting then
    WZ.refuse(R.wrong_state, {ticket = t.id, number = t.number, state = t.state, allowed = {STATE.waiting}})
  end
  local delays = (t.delays or 0) + 1
  if delays > rules.delays_most then
    WZ.refuse(R.delays_exhausted, {ticket = t.id, number = t.number, most = rules.delays_most})
  end
  local not_before_ms = math.max(z.now_ms, t.not_before_ms or 0) + rules.delay_ms
  return {WZ.ticket_event('returned', t, {
    mode = RETURN.after, rank_ms = t.rank_ms, not_before_ms = not_before_ms, pin = t.pin, reason = t.reason,
    delays = delays, by = 'visitor',
  })}
end
