--[[ open_counter: the counter begins or resumes work.
ARGS
  counter: counter id
EVENTS counter_opened
ERRORS unknown_counter, counter_open
]]
return function(z, args)
  local c = WZ.counter(z, args.counter)
  if c.state == COUNTER.open then WZ.refuse(R.counter_open, {counter = c.id}) end
  return {{type = 'counter_opened', counter = c.id}}
end
