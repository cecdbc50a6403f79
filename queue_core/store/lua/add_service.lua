--[[ add_service: the visit also goes on to another service, after those that it has; each is served after the other.
ARGS
  ticket: ticket id
  service: service id
EVENTS service_added
ERRORS unknown_ticket, unknown_service, unknown_class, service_closed, service_listed, wrong_state
]]
return function(z, args)
  local t = WZ.ticket(z, args.ticket)
  if WZ.closed[t.state] then WZ.refuse(R.wrong_state, {ticket = t.id, number = t.number, state = t.state}) end
  local further = {}
  for _, service in ipairs(t.further or {}) do further[#further + 1] = service end
  further[#further + 1] = args.service
  WZ.require_further(z, t.service, t.visitor_class, further)
  if WZ.state(z, 'service:' .. args.service) == '0' then WZ.refuse(R.service_closed, {service = args.service}) end
  local holder = WZ.holder(t)
  return {WZ.ticket_event('service_added', t, {counter = holder, further = further})}, holder
end
