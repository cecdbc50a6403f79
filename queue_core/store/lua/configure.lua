--[[ configure: applies a zone's configuration without losing a ticket. Idempotent.
ARGS
  digest: of the configuration
  services: ids of all services, those still holding tickets included
  counters: ids of all counters, those still holding a ticket included
  records: kind:id -> what the moves need to know
EVENTS configured
ERRORS unknown_ticket, wrong_state
]]
local function set_of(ids)
  local set = {}
  for _, id in ipairs(ids) do set[id] = true end
  return set
end

local function is_named(services, t)
  local named = services[t.service]
  for _, id in ipairs(t.further or {}) do named = named and services[id] end
  return named
end

return function(z, args)
  if z.digest == args.digest then return {} end
  local services, counters = set_of(args.services), set_of(args.counters)
  for _, t in ipairs(WZ.open_tickets(z)) do
    local gone = not is_named(services, t) or (WZ.holder(t) and not counters[t.counter]) or (t.pin and not counters[t.pin])
    if gone then WZ.refuse(R.wrong_state, {ticket = t.id, number = t.number, state = t.state, service = t.service}) end
  end
  return {{type = 'configured', digest = args.digest, services = args.services, counters = args.counters}}
end
