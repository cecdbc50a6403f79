-- What the events of counters change.
local apply = WZ.apply

local function counter_is(state)
  return function(z, e, seq)
    local services = e.services
    if state == COUNTER.paused then services = WZ.counter(z, e.counter).services end
    WZ.save_counter(z, {
      id = e.counter, state = state, since_ms = z.now_ms, seq = seq, reason = e.reason, services = services,
    })
  end
end
apply.counter_opened, apply.counter_paused = counter_is(COUNTER.open), counter_is(COUNTER.paused)

-- A pin is soft: it falls with its counter, the ticket stands in its service's queue again.
function apply.counter_closed(z, e, seq)
  counter_is(COUNTER.closed)(z, e, seq)
  local pinned = redis.call('ZRANGE', z.queue['@' .. e.counter], 0, -1)
  for _, member in ipairs(redis.call('ZRANGE', z.key.later, 0, -1)) do pinned[#pinned + 1] = member end
  for _, member in ipairs(pinned) do
    local t = WZ.ticket(z, member:sub(12))
    if t.pin == e.counter then
      WZ.dequeue(z, t)
      t.pin = nil
      WZ.enqueue(z, t)
      WZ.save_ticket(z, t)
    end
  end
end
