-- The zone as a whole.
function WZ.open_tickets(z)
  local ids, tickets = redis.call('HVALS', z.key.held), {}
  for i = 1, #ids do tickets[i] = WZ.ticket(z, ids[i]) end
  table.sort(tickets, function(a, b) return a.ordinal < b.ordinal end)
  return tickets
end

local function numbers(fields)
  local found = {}
  for name, value in pairs(fields) do found[name] = tonumber(value) end
  return found
end

-- Everything that Snapshot.from_json reads.
function WZ.open_state(z)
  local s = {
    epoch = z.epoch, seq = z.seq, day = z.day, day_from_ms = z.day_from_ms, day_to_ms = z.day_to_ms,
    at_ms = tonumber(WZ.state(z, 'last_ms')) or 0, ordinal = tonumber(WZ.state(z, 'ordinal')) or 0,
    tickets = WZ.open_tickets(z), calls = WZ.calls(z), lent = WZ.lent(z),
    counters = {}, services = {}, bookings = {}, holds = {}, arrived = {}, blocks = WZ.blocks(z),
    issued = numbers(WZ.fields(z, 'issued:')), series_last = numbers(WZ.fields(z, 'series:')),
    totals = numbers(WZ.fields(z, 'total:')), remote = tonumber(WZ.state(z, 'remote')) or 0,
  }
  for _, json in pairs(WZ.fields(z, 'counter:')) do s.counters[#s.counters + 1] = cjson.decode(json) end
  for id, is_open in pairs(WZ.fields(z, 'service:')) do s.services[id] = is_open == '1' end
  for _, b in ipairs(WZ.bookings(z)) do
    local among = (b.used and s.arrived) or (b.held_until_ms and s.holds) or s.bookings
    among[#among + 1] = b
  end
  return s
end
