--[[ finish: ends the visit; a visit that was only called is started first.
ARGS
  counter: counter id
  outcome: a word of the zone's own, may be empty
EVENTS started, finished
ERRORS unknown_counter, counter_idle, wrong_state
]]
return function(z, args)
  local t = WZ.held_ticket(z, args.counter)
  return WZ.finish_events(t, args.outcome ~= '' and args.outcome or nil), args.counter
end
