-- What is remembered of a command: its answer, for a repeat; what it found, for an undo.
local function events_of(z, epoch, seq, count)
  local found = redis.call('XRANGE', z.key.log, epoch .. '-' .. seq, epoch .. '-' .. (seq + count - 1))
  local events = {}
  for i = 1, #found do events[i] = found[i][2][2] end
  return events
end

-- A remembered answer is `epoch-seq-count-yyyymmdd-request`: the events say the rest.
function WZ.repeated(z)
  local answer = z.answer_key ~= '' and redis.call('HGET', z.key.answers, z.answer_key)
  if not answer then return nil end
  local epoch, seq, count, day, request = answer:match('^(%d+)%-(%d+)%-(%d+)%-(%d+)%-(.*)$')
  if request ~= z.request then WZ.refuse(R.key_reused, {}) end
  epoch, seq, count = tonumber(epoch), tonumber(seq), tonumber(count)
  local events = events_of(z, epoch, seq, count)
  if #events < count then return {'elsewhere', z.now_ms, epoch, seq, count, day} end
  return {'repeated', z.now_ms, epoch, seq, events}
end

-- The records go as they lie in the store, JSON within JSON: reading and writing them anew would only cost.
function WZ.remember_for_undo(z, counter_id, events)
  local memory, tickets, seen = {seq = z.seq + 1, count = #events, at_ms = z.now_ms, epoch = z.epoch}, {}, {}
  for _, e in ipairs(events) do
    if not seen[e.ticket] then
      seen[e.ticket] = true
      tickets[#tickets + 1] = redis.call('HGET', z.key.tickets, e.ticket)
    end
  end
  local records = '"tickets":[' .. table.concat(tickets, ',') .. '],"counter":' .. WZ.state(z, 'counter:' .. counter_id)
  redis.call('HSET', z.key.state, 'undo:' .. counter_id, '{' .. records .. ',' .. cjson.encode(memory):sub(2))
end

function WZ.remember_answer(z, first, count)
  local day = z.day:gsub('-', '')
  local answer = table.concat({z.epoch, first, count, day, z.request}, '-')
  redis.call('HSET', z.key.answers, z.answer_key, answer)
end
