--[[ miss: the called visitor did not come.
ARGS
  counter: counter id
  meant: the ticket that is held, or nothing
EVENTS missed
ERRORS unknown_counter, counter_idle, other_ticket, wrong_state
]]
return function(z, args)
  local t = WZ.held_ticket(z, args.counter, args.meant)
  WZ.require_from('missed', t)
  return {WZ.ticket_event('missed', t, {counter = args.counter})}, args.counter
end
