--[[ open_counter: the counter begins or resumes work, or takes up other services of its own.
ARGS
  counter: counter id
  services: ids of those of its services that its clerk serves in this session; none: as before, at first all
EVENTS counter_opened
ERRORS unknown_counter, counter_open, counter_busy, not_served
]]
-- In the counter's order; nothing where it is all of them.
local function chosen(z, c, services)
  local place, wanted, found = WZ.configured(z, 'counter', c.id, R.unknown_counter), {}, {}
  for _, service in ipairs(services) do wanted[service] = true end
  for _, service in ipairs(place.services) do
    if wanted[service] then found[#found + 1] = service end
    wanted[service] = nil
  end
  local stranger = next(wanted)
  if stranger then WZ.refuse(R.not_served, {counter = c.id, service = stranger}) end
  return #found < #place.services and found or nil
end

return function(z, args)
  local c = WZ.counter(z, args.counter)
  local services = c.services
  if #args.services > 0 then services = chosen(z, c, args.services) end
  if c.state == COUNTER.open then
    if #args.services == 0 then WZ.refuse(R.counter_open, {counter = c.id}) end
    WZ.require_free(z, c)
  end
  return {{type = 'counter_opened', counter = c.id, services = services}}
end
