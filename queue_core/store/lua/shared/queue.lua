-- Waiting sets: scores are rank times, members `<10-digit ordinal>:<ticket id>`: ties keep the order of arrival.
function WZ.member(t) return string.format('%010d:%s', t.ordinal, t.id) end

function WZ.queue_key(z, t)
  local name = t.pin and ('@' .. t.pin) or t.service
  return z.queue[name] or error('undeclared queue ' .. name)
end

function WZ.enqueue(z, t)
  local from_ms = t.confirm_by_ms or t.not_before_ms or 0
  if t.confirm_by_ms or from_ms > z.now_ms then
    redis.call('ZADD', z.key.later, from_ms, WZ.member(t))
  else
    redis.call('ZADD', WZ.queue_key(z, t), t.rank_ms, WZ.member(t))
  end
end

function WZ.dequeue(z, t)
  if redis.call('ZREM', WZ.queue_key(z, t), WZ.member(t)) == 0 then
    redis.call('ZREM', z.key.later, WZ.member(t))
  end
end

-- Whose not-before has passed stands in the queue: a derived fact, no event. Who has not said in time to be there has
-- lapsed: `commit` writes that down.
function WZ.promote(z)
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', z.key.later, '-inf', z.now_ms)) do
    local t = WZ.ticket(z, member:sub(12))
    if t.confirm_by_ms then
      WZ.lapse(z, t)
    else
      redis.call('ZREM', z.key.later, member)
      redis.call('ZADD', WZ.queue_key(z, t), t.rank_ms, member)
    end
  end
end
