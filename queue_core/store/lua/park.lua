--[[ park: sets the visit aside; the counter is free, the ticket keeps its place with this counter.
ARGS
  counter: counter id
  reason: why, may be empty
  meant: the ticket that is held, or nothing
EVENTS parked
ERRORS unknown_counter, counter_idle, other_ticket, wrong_state
]]
return function(z, args)
  local t = WZ.held_ticket(z, args.counter, args.meant)
  WZ.require_from('parked', t)
  local reason = args.reason ~= '' and args.reason or nil
  return {WZ.ticket_event('parked', t, {counter = args.counter, reason = reason})}, args.counter
end
