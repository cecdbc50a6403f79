-- What the events of counters, services, numbers, bookings and undo change.
local apply = WZ.apply

local function counter_is(state)
  return function(z, e, seq)
    WZ.save_counter(z, {id = e.counter, state = state, since_ms = z.now_ms, seq = seq, reason = e.reason})
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

function apply.service_opened(z, e) redis.call('HSET', z.key.state, 'service:' .. e.service, 1) end
function apply.service_closed(z, e) redis.call('HSET', z.key.state, 'service:' .. e.service, 0) end

function apply.numbers_reserved(z, e)
  local lent = WZ.lent(z)
  lent[#lent + 1] = {series = e.series, first = e.first, last = e.last, holder = e.holder}
  redis.call('HSET', z.key.state, 'lent', cjson.encode(lent), 'series:' .. e.series, e.last)
end

local function save_booking(z, b) redis.call('HSET', z.key.bookings, b.id, cjson.encode(b)) end

function apply.booked(z, e)
  save_booking(z, {id = e.booking, service = e.service, visitor_class = e.visitor_class, slot_ms = e.slot_ms})
end

function apply.booking_moved(z, e)
  local b = WZ.booking(z, e.booking)
  b.slot_ms = e.slot_ms
  save_booking(z, b)
end

function apply.booking_cancelled(z, e) redis.call('HDEL', z.key.bookings, e.booking) end

-- A used booking stays until its day ends, so that a second check-in hears "used", not "unknown".
function apply.checked_in(z, e)
  local b = WZ.booking(z, e.booking)
  b.used = e.ticket
  save_booking(z, b)
end

function apply.undone(z, e, seq)
  for _, before in ipairs(e.tickets) do
    local t = WZ.ticket(z, before.id)
    if t.state == STATE.waiting then WZ.dequeue(z, t) end
    if WZ.closed[t.state] then redis.call('HINCRBY', z.key.state, 'total:' .. t.state, -1) end
    local restored = cjson.decode(cjson.encode(before))
    restored.seq = seq
    redis.call('HSET', z.key.held, restored.number, restored.id)
    if restored.state == STATE.waiting then WZ.enqueue(z, restored) end
    WZ.save_ticket(z, restored)
  end
  local counter = cjson.decode(cjson.encode(e.counter_record))
  counter.seq = seq
  WZ.save_counter(z, counter)
  local calls = {}
  for _, call in ipairs(WZ.state_json(z, 'calls') or {}) do
    if call.seq < e.undoes_seq or call.seq >= e.undoes_seq + e.undoes_count then calls[#calls + 1] = call end
  end
  redis.call('HSET', z.key.state, 'calls', cjson.encode(calls))
  redis.call('HDEL', z.key.state, 'undo:' .. e.counter)
end
