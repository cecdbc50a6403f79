--[[ confirm_arrival: the visitor of a ticket that was drawn elsewhere is there; from now on it can be called.
ARGS
  ticket: ticket id
  by: visitor, device or staff
EVENTS confirmed
ERRORS unknown_ticket, wrong_state, nothing_to_confirm, confirm_too_late
]]
return function(z, args)
  local t = WZ.ticket(z, args.ticket)
  WZ.require_from('confirmed', t)
  if not t.confirm_by_ms then WZ.refuse(R.nothing_to_confirm, {ticket = t.id, number = t.number}) end
  if t.confirm_by_ms <= z.now_ms then
    WZ.refuse(R.confirm_too_late, {ticket = t.id, number = t.number, until_ms = t.confirm_by_ms})
  end
  return {WZ.ticket_event('confirmed', t, {by = args.by})}
end
