-- What the events of tickets in their queue change. The fold of domain/snapshot.py says the same; tests hold both
-- together.
local apply = WZ.apply

function WZ.change(z, e, seq, edit)
  local t = WZ.ticket(z, e.ticket)
  if t.state == STATE.waiting then WZ.dequeue(z, t) end
  if edit then edit(t) end
  t.state, t.seq = WZ.leads_to[e.type], seq
  if WZ.closed[t.state] then
    if not e.belated then redis.call('HDEL', z.key.held, t.number) end
    redis.call('HINCRBY', z.key.state, 'total:' .. t.state, 1)
  elseif t.state == STATE.waiting then
    WZ.enqueue(z, t)
  end
  WZ.save_ticket(z, t)
  return t
end

function WZ.hold(z, e, seq, ticket)
  if not e.counter then return end
  local c = WZ.counter(z, e.counter)
  c.ticket, c.since_ms, c.seq = ticket, z.now_ms, seq
  WZ.save_counter(z, c)
end

function apply.issued(z, e, seq)
  local t = {
    id = e.ticket, number = e.number, series = e.series, service = e.service, visitor_class = e.visitor_class,
    state = WZ.leads_to.issued, ordinal = e.ordinal, issued_ms = e.issued_ms, arrival_ms = e.arrival_ms,
    rank_ms = e.rank_ms, not_before_ms = e.not_before_ms, booking = e.booking, slot_ms = e.slot_ms, seq = seq,
    further = e.further, confirm_by_ms = e.confirm_by_ms,
  }
  redis.call('HSET', z.key.state, 'ordinal', t.ordinal)
  if t.confirm_by_ms then redis.call('HINCRBY', z.key.state, 'remote', 1) end
  WZ.save_ticket(z, t)
  if e.belated then return end -- its day is over: it expires next, and somebody may have its number today
  redis.call('HSET', z.key.held, t.number, t.id)
  if not e.booking then redis.call('HINCRBY', z.key.state, 'issued:' .. t.service, 1) end
  if not e.lent then redis.call('HSET', z.key.state, 'series:' .. t.series, e.n) end
  WZ.enqueue(z, t)
end

local function queued(z, e, seq)
  WZ.change(z, e, seq, function(t)
    t.service, t.rank_ms, t.not_before_ms, t.pin, t.reason = e.service, e.rank_ms, e.not_before_ms, e.pin, e.reason
    t.counter = nil
    if e.type == 'transferred' then t.further = e.further end
    if e.delays then t.delays = e.delays end
  end)
  WZ.hold(z, e, seq, nil)
end
apply.returned, apply.transferred = queued, queued

function apply.cancelled(z, e, seq) WZ.change(z, e, seq) end

function apply.confirmed(z, e, seq)
  WZ.change(z, e, seq, function(t) t.confirm_by_ms = nil end)
end
