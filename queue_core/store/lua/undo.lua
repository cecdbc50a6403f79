--[[ undo: takes back the counter's last call, start, finish, miss, park or transfer.
ARGS
  counter: counter id
  meant: a ticket that the move was about, or nothing
EVENTS undone
ERRORS unknown_counter, unknown_series, nothing_to_undo, other_ticket, undo_too_late, changed_since, number_taken
]]
-- Whoever pressed may have seen another move than the one that is the last by now.
local function require_meant(z, memory, meant)
  if not meant then return end
  for _, before in ipairs(memory.tickets) do
    if before.id == meant then return end
  end
  local t = WZ.ticket(z, memory.tickets[#memory.tickets].id)
  WZ.refuse(R.other_ticket, {counter = memory.counter.id, ticket = t.id, number = t.number, state = t.state})
end

local function require_unchanged(z, before, memory, last)
  local t = WZ.ticket(z, before.id)
  if t.seq > last then WZ.refuse(R.changed_since, {ticket = t.id, number = t.number, state = t.state}) end
  if not WZ.closed[t.state] then return end
  if redis.call('HEXISTS', z.key.held, t.number) == 1 or WZ.is_lent_since(z, t, memory.at_ms) then
    WZ.refuse(R.number_taken, {number = t.number})
  end
end

return function(z, args)
  local counter = WZ.counter(z, args.counter)
  local memory = WZ.state_json(z, 'undo:' .. args.counter)
  if not memory or memory.epoch ~= z.epoch then WZ.refuse(R.nothing_to_undo, {counter = args.counter}) end
  require_meant(z, memory, args.meant)
  local undo_ms, last = WZ.rules(z).undo_ms, memory.seq + memory.count - 1
  if z.now_ms - memory.at_ms > undo_ms then WZ.refuse(R.undo_too_late, {within_ms = undo_ms}) end
  if (counter.seq or 0) > last then WZ.refuse(R.changed_since, {counter = args.counter, state = counter.state}) end
  for _, before in ipairs(memory.tickets) do
    require_unchanged(z, before, memory, last)
    if before.pin and WZ.counter(z, before.pin).state == COUNTER.closed then before.pin = nil end
  end
  return {{
    type = 'undone', counter = args.counter, undoes_seq = memory.seq, undoes_count = memory.count,
    tickets = memory.tickets, counter_record = memory.counter,
  }}
end
