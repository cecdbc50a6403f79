--[[ transfer: sends a ticket to another service or to a counter; number and arrival stay, and what else is to come.
ARGS
  ticket: ticket id
  to_service: service id, or empty
  to_counter: counter id to pin the ticket to, or empty
  by_counter: the desk that does it, or empty
  reason: a note without personal data, may be empty
EVENTS transferred
ERRORS unknown_ticket, unknown_service, unknown_class, unknown_counter, service_closed, counter_closed, wrong_state, not_yours
]]
local function require_reachable(z, args)
  if args.to_service ~= '' and WZ.state(z, 'service:' .. args.to_service) == '0' then
    WZ.refuse(R.service_closed, {service = args.to_service})
  end
  if args.to_counter ~= '' and WZ.counter(z, args.to_counter).state == COUNTER.closed then
    WZ.refuse(R.counter_closed, {counter = args.to_counter})
  end
end

return function(z, args)
  local t = WZ.ticket(z, args.ticket)
  if args.by_counter ~= '' then WZ.counter(z, args.by_counter) end
  WZ.require_from('transferred', t)
  local holder = WZ.holder(t)
  if holder and args.by_counter ~= '' and holder ~= args.by_counter then
    WZ.refuse(R.not_yours, {ticket = t.id, number = t.number, state = t.state, counter = holder})
  end
  local to = args.to_service ~= '' and args.to_service or t.service
  WZ.service(z, to)
  require_reachable(z, args)
  local e = WZ.transferred_event(z, t, to, {
    not_before_ms = t.not_before_ms, pin = args.to_counter ~= '' and args.to_counter or nil,
    reason = args.reason ~= '' and args.reason or nil,
  })
  return {e}, holder or (args.by_counter ~= '' and args.by_counter or nil)
end
