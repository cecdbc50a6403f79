-- What each ticket and counter event changes. The fold of domain/snapshot.py says the same; tests hold both together.
local apply = {}
WZ.apply = apply

local function change(z, e, seq, edit)
  local t = WZ.ticket(z, e.ticket)
  if t.state == STATE.waiting then WZ.dequeue(z, t) end
  if edit then edit(t) end
  t.state, t.seq = WZ.leads_to[e.type], seq
  if WZ.closed[t.state] then
    redis.call('HDEL', z.key.held, t.number)
    redis.call('HINCRBY', z.key.state, 'total:' .. t.state, 1)
  elseif t.state == STATE.waiting then
    WZ.enqueue(z, t)
  end
  WZ.save_ticket(z, t)
  return t
end

local function hold(z, e, seq, ticket)
  if not e.counter then return end
  local c = WZ.counter(z, e.counter)
  c.ticket, c.since_ms, c.seq = ticket, z.now_ms, seq
  WZ.save_counter(z, c)
end

local function list_call(z, seq, t)
  local line = {ticket = t.id, number = t.number, service = t.service, counter = t.counter, at_ms = z.now_ms, seq = seq, recalls = t.recalls}
  local calls = {line}
  for _, call in ipairs(WZ.state_json(z, 'calls') or {}) do
    if #calls < WZ.last_calls_kept and not (t.recalls and call.ticket == t.id) then calls[#calls + 1] = call end
  end
  redis.call('HSET', z.key.state, 'calls', cjson.encode(calls))
end

function apply.issued(z, e, seq)
  local t = {
    id = e.ticket, number = e.number, series = e.series, service = e.service, visitor_class = e.visitor_class,
    state = WZ.leads_to.issued, ordinal = e.ordinal, issued_ms = e.issued_ms, arrival_ms = e.arrival_ms,
    rank_ms = e.rank_ms, not_before_ms = e.not_before_ms, booking = e.booking, slot_ms = e.slot_ms, seq = seq,
  }
  redis.call('HSET', z.key.held, t.number, t.id)
  redis.call('HSET', z.key.state, 'ordinal', t.ordinal)
  if not e.booking then redis.call('HINCRBY', z.key.state, 'issued:' .. t.service, 1) end
  if not e.lent then redis.call('HSET', z.key.state, 'series:' .. t.series, e.n) end
  WZ.enqueue(z, t)
  WZ.save_ticket(z, t)
end

function apply.called(z, e, seq)
  local t = change(z, e, seq, function(t)
    t.counter, t.called_ms = e.counter, z.now_ms
    t.started_ms, t.recalls, t.recalled_ms, t.pin, t.reason = nil, nil, nil, nil, nil
  end)
  hold(z, e, seq, t.id)
  list_call(z, seq, t)
end

function apply.recalled(z, e, seq)
  local t = change(z, e, seq, function(t) t.recalls, t.recalled_ms = e.recalls, z.now_ms end)
  hold(z, e, seq, t.id)
  list_call(z, seq, t)
end

function apply.started(z, e, seq)
  hold(z, e, seq, change(z, e, seq, function(t) t.started_ms = z.now_ms end).id)
end

local function left_counter(z, e, seq)
  change(z, e, seq, function(t)
    t.reason = e.reason or t.reason
    if e.type == 'finished' then t.ended_ms = z.now_ms end
  end)
  hold(z, e, seq, nil)
end
apply.finished, apply.missed, apply.parked, apply.expired = left_counter, left_counter, left_counter, left_counter

local function queued(z, e, seq)
  change(z, e, seq, function(t)
    t.service, t.rank_ms, t.not_before_ms, t.pin, t.reason = e.service, e.rank_ms, e.not_before_ms, e.pin, e.reason
    t.counter = nil
  end)
  hold(z, e, seq, nil)
end
apply.returned, apply.transferred = queued, queued

function apply.cancelled(z, e, seq) change(z, e, seq) end
