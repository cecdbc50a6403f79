--[[ pause_counter: a break; refused while the counter holds a ticket.
ARGS
  counter: counter id
  reason: why, may be empty
EVENTS counter_paused
ERRORS unknown_counter, counter_closed, counter_paused, counter_busy
]]
return function(z, args)
  local c = WZ.counter(z, args.counter)
  WZ.require_open(c)
  WZ.require_free(z, c)
  return {{type = 'counter_paused', counter = c.id, reason = args.reason ~= '' and args.reason or nil}}
end
