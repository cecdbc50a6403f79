-- Counters as records, and what a move may ask of them before it decides.
function WZ.counter(z, id)
  return WZ.state_json(z, 'counter:' .. id) or WZ.refuse(R.unknown_counter, {id = id})
end

function WZ.save_counter(z, c) redis.call('HSET', z.key.state, 'counter:' .. c.id, cjson.encode(c)) end

function WZ.require_open(c)
  if c.state == COUNTER.closed then WZ.refuse(R.counter_closed, {counter = c.id}) end
  if c.state == COUNTER.paused then WZ.refuse(R.counter_paused, {counter = c.id}) end
end

function WZ.require_free(z, c)
  if not c.ticket then return end
  local t = WZ.ticket(z, c.ticket)
  WZ.refuse(R.counter_busy, {counter = c.id, ticket = t.id, number = t.number, state = t.state})
end

-- Whoever pressed may have seen another visitor there than the one who is there by now.
function WZ.require_meant(z, c, meant)
  if not meant or meant == c.ticket then return end
  local t = WZ.ticket(z, c.ticket)
  WZ.refuse(R.other_ticket, {counter = c.id, ticket = t.id, number = t.number, state = t.state})
end

function WZ.held_ticket(z, counter_id, meant)
  local c = WZ.counter(z, counter_id)
  if not c.ticket then WZ.refuse(R.counter_idle, {counter = c.id, state = c.state}) end
  WZ.require_meant(z, c, meant)
  return WZ.ticket(z, c.ticket), c
end
