--[[ cancel: the visitor leaves the queue.
ARGS
  ticket: ticket id
  by: visitor or staff
EVENTS cancelled
ERRORS unknown_ticket, wrong_state
]]
return function(z, args)
  local t = WZ.ticket(z, args.ticket)
  WZ.require_from('cancelled', t)
  return {WZ.ticket_event('cancelled', t, {by = args.by})}
end
