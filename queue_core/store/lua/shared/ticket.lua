-- Tickets as records, and what a move may ask of them before it decides.
function WZ.ticket(z, id)
  local json = redis.call('HGET', z.key.tickets, id)
  if not json then WZ.refuse(R.unknown_ticket, {id = id}) end
  return cjson.decode(json)
end

function WZ.save_ticket(z, t) redis.call('HSET', z.key.tickets, t.id, cjson.encode(t)) end

function WZ.require_from(event_type, t)
  if WZ.from[event_type][t.state] then return end
  local allowed = {}
  for state in pairs(WZ.from[event_type]) do allowed[#allowed + 1] = state end
  table.sort(allowed)
  WZ.refuse(R.wrong_state, {ticket = t.id, number = t.number, state = t.state, allowed = allowed})
end

function WZ.holder(t) return WZ.at_counter[t.state] and t.counter or nil end

-- An event about a ticket; `from` is the state that it leaves.
function WZ.ticket_event(event_type, t, more)
  local e = {type = event_type, ticket = t.id, number = t.number, service = t.service, from = t.state}
  for name, value in pairs(more or {}) do e[name] = value end
  return e
end
