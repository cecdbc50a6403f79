-- What epoch_started, configured and day_rolled change: the zone's frame, not its visitors.
local apply = WZ.apply

function apply.epoch_started(z)
  redis.call('HSET', z.key.state, 'day', z.day, 'day_from_ms', z.day_from_ms, 'day_to_ms', z.day_to_ms)
  for counter in pairs(WZ.fields(z, 'undo:')) do redis.call('HDEL', z.key.state, 'undo:' .. counter) end
end

local function keep_only(z, prefix, ids, fresh)
  local known = WZ.fields(z, prefix)
  for _, id in ipairs(ids) do
    if not known[id] then redis.call('HSET', z.key.state, prefix .. id, fresh(id)) end
    known[id] = nil
  end
  for id in pairs(known) do redis.call('HDEL', z.key.state, prefix .. id) end
end

function apply.configured(z, e)
  redis.call('DEL', z.key.config)
  for name, record in pairs(z.args.records) do redis.call('HSET', z.key.config, name, cjson.encode(record)) end
  keep_only(z, 'service:', e.services, function() return 1 end)
  keep_only(z, 'counter:', e.counters, function(id) return cjson.encode({id = id, state = COUNTER.closed}) end)
  keep_only(z, 'undo:', {})
  redis.call('HSET', z.key.state, 'digest', e.digest)
  WZ.index_bookings(z)
end

local function keep_lent(z, since_ms)
  local kept = {}
  for _, block in ipairs(WZ.lent(z)) do
    if (block.at_ms or 0) >= since_ms then kept[#kept + 1] = block end
  end
  redis.call('HSET', z.key.state, 'lent', cjson.encode(kept))
end

-- The day's log and tickets keep their content under the day's name; a blocked XREAD survives the rename.
function apply.day_rolled(z, e)
  redis.call('RENAME', z.key.log, z.queue['>log'])
  if redis.call('EXISTS', z.key.tickets) == 1 then redis.call('RENAME', z.key.tickets, z.queue['>tickets']) end
  redis.call('DEL', z.key.later, z.key.held, z.key.calls)
  for name, key in pairs(z.queue) do
    if name:sub(1, 1) ~= '>' then redis.call('DEL', key) end
  end
  for _, prefix in ipairs({'issued:', 'series:', 'total:', 'undo:'}) do keep_only(z, prefix, {}) end
  redis.call('HDEL', z.key.state, 'ordinal', 'remote')
  keep_lent(z, e.day_from_ms - WZ.lent_kept_ms)
  for service in pairs(WZ.fields(z, 'service:')) do redis.call('HSET', z.key.state, 'service:' .. service, 1) end
  WZ.drop_bookings_before(z, e.day_from_ms)
  WZ.keep_blocks(z, function(block) return block.to_ms > e.day_from_ms end)
  for service, intervals in pairs(z.args.hours) do
    redis.call('HSET', z.key.config, 'hours:' .. service, cjson.encode(intervals))
  end
  redis.call('HSET', z.key.state, 'day', e.day, 'day_from_ms', e.day_from_ms, 'day_to_ms', e.day_to_ms)
end
