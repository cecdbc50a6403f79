-- The last calls, the newest first: a list, so that a call writes its own line and no other.
function WZ.calls(z)
  local lines, calls = redis.call('LRANGE', z.key.calls, 0, -1), {}
  for i = 1, #lines do calls[i] = cjson.decode(lines[i]) end
  return calls, lines
end

function WZ.unlist_calls(z, is_meant)
  local calls, lines = WZ.calls(z)
  for i = 1, #calls do
    if is_meant(calls[i]) then redis.call('LREM', z.key.calls, 1, lines[i]) end
  end
end

-- A ticket that is called again stands in the list once.
function WZ.list_call(z, seq, t)
  if t.recalls then WZ.unlist_calls(z, function(call) return call.ticket == t.id end) end
  local line = {
    ticket = t.id, number = t.number, service = t.service, counter = t.counter, at_ms = z.now_ms, seq = seq,
    recalls = t.recalls,
  }
  local listed = redis.call('LPUSH', z.key.calls, cjson.encode(line))
  if listed > WZ.last_calls_kept then redis.call('LTRIM', z.key.calls, 0, WZ.last_calls_kept - 1) end
end
