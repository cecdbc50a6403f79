-- The frame of every move: repeat? right day? decide, then apply and append, then remember the answer.
local function events_of(z, epoch, seq, count)
  local found = redis.call('XRANGE', z.key.log, epoch .. '-' .. seq, epoch .. '-' .. (seq + count - 1))
  local events = {}
  for i = 1, #found do events[i] = found[i][2][2] end
  return events
end

-- A remembered answer is `epoch-seq-count-yyyymmdd-request`: the events say the rest.
local function repeated(z)
  local answer = z.answer_key ~= '' and redis.call('HGET', z.key.answers, z.answer_key)
  if not answer then return nil end
  local epoch, seq, count, day, request = answer:match('^(%d+)%-(%d+)%-(%d+)%-(%d+)%-(.*)$')
  if request ~= z.request then WZ.refuse(R.key_reused, {}) end
  local events = events_of(z, epoch, tonumber(seq), tonumber(count))
  if #events < tonumber(count) then return {'elsewhere', z.now_ms, tonumber(epoch), tonumber(seq), tonumber(count), day} end
  return {'repeated', z.now_ms, tonumber(epoch), tonumber(seq), events}
end

local function remember_for_undo(z, counter_id, events)
  local memory, seen = {seq = z.seq + 1, count = #events, at_ms = z.now_ms, epoch = z.epoch, tickets = {}}, {}
  for _, e in ipairs(events) do
    if not seen[e.ticket] then
      seen[e.ticket] = true
      memory.tickets[#memory.tickets + 1] = WZ.ticket(z, e.ticket)
    end
  end
  memory.counter = WZ.counter(z, counter_id)
  redis.call('HSET', z.key.state, 'undo:' .. counter_id, cjson.encode(memory))
end

local function commit(z, events, undoable_by)
  if undoable_by then remember_for_undo(z, undoable_by, events) end
  local first, written = z.seq + 1, {}
  for i, e in ipairs(events) do
    z.seq = z.seq + 1
    WZ.apply[e.type](z, e, z.seq)
    e.at_ms, e.command = z.now_ms, z.command
    written[i] = cjson.encode(e)
    redis.call('XADD', z.key.log, z.epoch .. '-' .. z.seq, 'e', written[i])
  end
  redis.call('HSET', z.key.state, 'epoch', z.epoch, 'seq', z.seq, 'last_ms', z.now_ms)
  if z.answer_key ~= '' then
    local day = z.day:gsub('-', '')
    local answer = table.concat({z.epoch, first, #events, day, z.request}, '-')
    redis.call('HSET', z.key.answers, z.answer_key, answer)
  end
  return {'done', z.now_ms, z.epoch, first, written}
end

-- Frame moves begin days and epochs themselves; every other move must name the day that it believes in.
local function day_differs(z)
  return z.day ~= z.expected_day or z.now_ms >= z.day_to_ms
end

function WZ.run(move, is_frame_move)
  return function(keys, argv)
    local z = WZ.open(keys, argv)
    local ok, reply = pcall(function()
      local answer = repeated(z)
      if answer then return answer end
      if not is_frame_move and (not z.day or day_differs(z)) then return {'day', z.now_ms, z.day or ''} end
      local events, undoable_by, more = move(z, z.args)
      if #events == 0 then return {'nothing', z.now_ms, z.epoch, z.seq, cjson.encode(more or {})} end
      return {events = events, undoable_by = undoable_by}
    end)
    if not ok then
      if type(reply) == 'table' and reply.refused then
        return {'refused', z.now_ms, reply.refused, cjson.encode(reply.details)}
      end
      return redis.error_reply('WZ ' .. tostring(type(reply) == 'table' and (reply.err or cjson.encode(reply)) or reply))
    end
    if reply.events then return commit(z, reply.events, reply.undoable_by) end
    return reply
  end
end
