--[[ close_counter: the counter ends work; refused while it holds a ticket. Its pins fall.
ARGS
  counter: counter id
EVENTS counter_closed
ERRORS unknown_counter, counter_closed, counter_busy
]]
return function(z, args)
  local c = WZ.counter(z, args.counter)
  if c.state == COUNTER.closed then WZ.refuse(R.counter_closed, {counter = c.id}) end
  WZ.require_free(z, c)
  return {{type = 'counter_closed', counter = c.id}}
end
