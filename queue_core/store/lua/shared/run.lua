-- The frame of every move: repeat? in step? decide, then apply and append, then remember the answer.
local function write(z, events)
  local written = {}
  for i, e in ipairs(events) do
    z.seq = z.seq + 1
    WZ.apply[e.type](z, e, z.seq)
    e.at_ms, e.command = z.now_ms, z.command
    written[i] = cjson.encode(e)
    redis.call('XADD', z.key.log, z.epoch .. '-' .. z.seq, WZ.field, written[i])
  end
  redis.call('HSET', z.key.state, 'epoch', z.epoch, 'seq', z.seq, 'last_ms', z.now_ms)
  return written
end

-- Who has lapsed is told of first, and is no part of the answer nor of an undo.
local function commit(z, events, undoable_by)
  if z.lapsed then write(z, z.lapsed) end
  if undoable_by then WZ.remember_for_undo(z, undoable_by, events) end
  local first = z.seq + 1
  local written = write(z, events)
  if z.answer_key ~= '' then WZ.remember_answer(z, first, #events) end
  return {'done', z.now_ms, z.epoch, first, written}
end

-- A caller names the day and the configuration that it believes in: its queues and the new day's hours follow from
-- them. Moves that begin a day or an epoch run whatever the day is.
local function out_of_step(z, begins_day)
  local other_day = not z.day or z.day ~= z.expected_day or z.now_ms >= z.day_to_ms
  return (other_day and not begins_day) or (z.expected_digest ~= '' and z.expected_digest ~= z.digest)
end

local function decide(z, move, begins_day)
  local answer = WZ.repeated(z)
  if answer then return answer end
  if out_of_step(z, begins_day) then return {'stale', z.now_ms} end
  local events, undoable_by, more = move(z, z.args)
  if #events == 0 and z.lapsed then write(z, z.lapsed) end
  if #events == 0 then return {'nothing', z.now_ms, z.epoch, z.seq, cjson.encode(more or {})} end
  return {events = events, undoable_by = undoable_by}
end

local function failed(z, failure)
  if type(failure) ~= 'table' then return redis.error_reply('WZ ' .. tostring(failure)) end
  if failure.refused then return {'refused', z.now_ms, failure.refused, cjson.encode(failure.details)} end
  return redis.error_reply('WZ ' .. tostring(failure.err or cjson.encode(failure)))
end

function WZ.run(move, begins_day)
  return function(keys, argv)
    local z = WZ.open(keys, argv)
    local ok, reply = pcall(decide, z, move, begins_day)
    if not ok then return failed(z, reply) end
    if reply.events then return commit(z, reply.events, reply.undoable_by) end
    return reply
  end
end
