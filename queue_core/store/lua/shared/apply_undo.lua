-- Undo puts back what the counter's last move found; see `remember_for_undo`.
function WZ.apply.undone(z, e, seq)
  for _, before in ipairs(e.tickets) do
    local t = WZ.ticket(z, before.id)
    if t.state == STATE.waiting then WZ.dequeue(z, t) end
    if WZ.closed[t.state] then redis.call('HINCRBY', z.key.state, 'total:' .. t.state, -1) end
    local restored = cjson.decode(cjson.encode(before))
    restored.seq = seq
    redis.call('HSET', z.key.held, restored.number, restored.id)
    if restored.state == STATE.waiting then WZ.enqueue(z, restored) end
    WZ.save_ticket(z, restored)
  end
  local counter = cjson.decode(cjson.encode(e.counter_record))
  counter.seq = seq
  WZ.save_counter(z, counter)
  WZ.unlist_calls(z, function(call) return call.seq >= e.undoes_seq and call.seq < e.undoes_seq + e.undoes_count end)
  redis.call('HDEL', z.key.state, 'undo:' .. e.counter)
end
