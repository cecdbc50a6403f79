-- Waiting sets: scores are rank times, members `<10-digit ordinal>:<ticket id>`: ties keep the order of arrival.
function WZ.member(t) return string.format('%010d:%s', t.ordinal, t.id) end

function WZ.queue_key(z, t)
  local name = t.pin and ('@' .. t.pin) or t.service
  return z.queue[name] or error('undeclared queue ' .. name)
end

function WZ.enqueue(z, t)
  if (t.not_before_ms or 0) > z.now_ms then
    redis.call('ZADD', z.key.later, t.not_before_ms, WZ.member(t))
  else
    redis.call('ZADD', WZ.queue_key(z, t), t.rank_ms, WZ.member(t))
  end
end

function WZ.dequeue(z, t)
  if redis.call('ZREM', WZ.queue_key(z, t), WZ.member(t)) == 0 then
    redis.call('ZREM', z.key.later, WZ.member(t))
  end
end

-- Whose not-before has passed stands in the queue: a derived fact, no event.
function WZ.promote(z)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', z.key.later, '-inf', z.now_ms)) do
    local t = WZ.ticket(z, member:sub(12))
    redis.call('ZREM', z.key.later, member)
    redis.call('ZADD', WZ.queue_key(z, t), t.rank_ms, member)
  end
end

-- The counter's next ticket by the rule of domain/policy.py: pinned first, then smallest (rank + offset, ordinal).
function WZ.next_ticket(z, counter_id)
  WZ.promote(z)
  local pinned = redis.call('ZRANGE', z.queue['@' .. counter_id], 0, 0)[1]
  if pinned then return WZ.ticket(z, pinned:sub(12)) end
  local place = WZ.configured(z, 'counter', counter_id, R.unknown_counter)
  local best, best_rank
  for _, service in ipairs(place.services) do
    local head = redis.call('ZRANGE', z.queue[service], 0, 0, 'WITHSCORES')
    if head[1] then
      local rank = tonumber(head[2]) + (place.offset_ms[service] or 0)
      if not best or rank < best_rank or (rank == best_rank and head[1] < best) then best, best_rank = head[1], rank end
    end
  end
  return best and WZ.ticket(z, best:sub(12))
end

-- When the first of the counter's tickets that must still wait becomes eligible, or nil.
function WZ.next_not_before_ms(z, counter_id)
  local place = WZ.configured(z, 'counter', counter_id, R.unknown_counter)
  local serves = {}
  for _, service in ipairs(place.services) do serves[service] = true end
  local later = redis.call('ZRANGE', z.key.later, 0, -1, 'WITHSCORES')
  for i = 1, #later, 2 do
    local t = WZ.ticket(z, later[i]:sub(12))
    if t.pin == counter_id or (not t.pin and serves[t.service]) then return tonumber(later[i + 1]) end
  end
end
