--[[ close_service: a ticket stop: nobody draws any more, whoever is inside stays.
ARGS
  service: service id
  reason: why, may be empty
EVENTS service_closed
ERRORS unknown_service, service_closed
]]
return function(z, args)
  WZ.service(z, args.service)
  if WZ.state(z, 'service:' .. args.service) ~= '1' then WZ.refuse(R.service_closed, {service = args.service}) end
  return {{type = 'service_closed', service = args.service, reason = args.reason ~= '' and args.reason or nil}}
end
