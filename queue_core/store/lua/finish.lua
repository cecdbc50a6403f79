--[[ finish: ends the visit, or sends it on to its next service; a visit that was only called is started first.
ARGS
  counter: counter id
  outcome: a word of the zone's own, may be empty
  meant: the ticket that is held, or nothing
EVENTS started, finished, transferred
ERRORS unknown_counter, unknown_service, unknown_class, counter_idle, other_ticket, wrong_state
]]
return function(z, args)
  local t = WZ.held_ticket(z, args.counter, args.meant)
  local events = WZ.finish_events(z, t, args.outcome ~= '' and args.outcome or nil)
  return events, args.counter
end
