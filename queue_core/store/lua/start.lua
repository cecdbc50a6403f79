--[[ start: the called visitor has come; service begins.
ARGS
  counter: counter id
  meant: the ticket that is held, or nothing
EVENTS started
ERRORS unknown_counter, counter_idle, other_ticket, wrong_state
]]
return function(z, args)
  local t = WZ.held_ticket(z, args.counter, args.meant)
  WZ.require_from('started', t)
  return {WZ.ticket_event('started', t, {counter = args.counter})}, args.counter
end
