--[[ roll_day: ends the business day: expires what is open, closes counters, renames the day's keys. Idempotent.
ARGS
  from_day: the day that ends, ISO date
  to_day: the day that begins, ISO date
  day_from_ms: its begin, UTC ms
  day_to_ms: its end, UTC ms
  hours: service id -> opening intervals [[from, to], ...] of the new day, UTC ms
EVENTS expired, counter_closed, day_rolled
ERRORS unknown_ticket
]]
local function working_counters(z)
  local ids = {}
  for id, json in pairs(WZ.fields(z, 'counter:')) do
    if cjson.decode(json).state ~= COUNTER.closed then ids[#ids + 1] = id end
  end
  table.sort(ids)
  return ids
end

-- The day's appointments, so that its log says of all of them whether they came.
local function appointments(z, from_ms, to_ms)
  local due = {}
  for b in WZ.each_booking(z, from_ms, '(' .. to_ms) do
    if not (b.used or b.held_until_ms) then due[#due + 1] = b end
  end
  return #due > 0 and due or nil
end

return function(z, args)
  local due = z.day == args.from_day and args.to_day > z.day and z.now_ms >= args.day_from_ms
  if not due then return {} end
  local events = {}
  for _, t in ipairs(WZ.open_tickets(z)) do
    events[#events + 1] = WZ.ticket_event('expired', t, {counter = WZ.holder(t)})
  end
  for _, id in ipairs(working_counters(z)) do events[#events + 1] = {type = 'counter_closed', counter = id} end
  events[#events + 1] = {
    type = 'day_rolled', day = args.to_day, from_day = z.day, day_from_ms = args.day_from_ms, day_to_ms = args.day_to_ms,
    bookings = appointments(z, args.day_from_ms, args.day_to_ms),
  }
  return events
end
