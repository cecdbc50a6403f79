--[[ finish: ends the visit, or sends it on to its next service; a visit that was only called is started first.
ARGS
  counter: counter id
  outcome: a word of the zone's own, may be empty
EVENTS started, finished, transferred
ERRORS unknown_counter, unknown_service, unknown_class, counter_idle, wrong_state
]]
return function(z, args)
  local t = WZ.held_ticket(z, args.counter)
  local events = WZ.finish_events(z, t, args.outcome ~= '' and args.outcome or nil)
  return events, args.counter
end
