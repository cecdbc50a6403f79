-- The indexes of appointments: `slots` holds all of them by their begin, `holds` those that nobody has confirmed yet by
-- the end of their hold; `reach_ms` is the length of the longest.
local function enter(z, b)
  redis.call('ZADD', z.key.slots, b.slot_ms, b.id)
  if b.held_until_ms then redis.call('ZADD', z.key.holds, b.held_until_ms, b.id) end
end

-- An older release did not keep it.
function WZ.reach_ms(z) return tonumber(WZ.state(z, 'reach_ms') or WZ.slot_most_ms) end

function WZ.index_booking(z, b)
  enter(z, b)
  if (b.length_ms or 0) > WZ.reach_ms(z) then redis.call('HSET', z.key.state, 'reach_ms', b.length_ms) end
end

-- Anew from the records: an older release kept no index.
function WZ.index_bookings(z)
  redis.call('DEL', z.key.slots, z.key.holds)
  local reach_ms = 0
  for _, b in ipairs(WZ.bookings(z)) do
    enter(z, b)
    reach_ms = math.max(reach_ms, b.length_ms or 0)
  end
  redis.call('HSET', z.key.state, 'reach_ms', reach_ms)
end

-- Bounded, because Lua's stack is.
local at_once = 200

function WZ.drop_bookings_before(z, at_ms)
  local ids = redis.call('ZRANGEBYSCORE', z.key.slots, '-inf', '(' .. at_ms)
  for first = 1, #ids, at_once do
    local last = math.min(first + at_once - 1, #ids)
    redis.call('HDEL', z.key.bookings, unpack(ids, first, last))
    redis.call('ZREM', z.key.holds, unpack(ids, first, last))
  end
  redis.call('ZREMRANGEBYSCORE', z.key.slots, '-inf', '(' .. at_ms)
end

-- Those that begin between two scores, by begin and id; nothing is read for which nobody asks.
function WZ.each_booking(z, from, to)
  local records, seen, next_one = {}, 0, 1
  return function()
    if next_one > #records then
      local ids = redis.call('ZRANGEBYSCORE', z.key.slots, from, to, 'LIMIT', seen, at_once)
      if #ids == 0 then return nil end
      records, seen, next_one = redis.call('HMGET', z.key.bookings, unpack(ids)), seen + #ids, 1
    end
    next_one = next_one + 1
    return cjson.decode(records[next_one - 1])
  end
end
