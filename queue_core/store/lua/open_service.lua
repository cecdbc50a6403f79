--[[ open_service: ends a ticket stop.
ARGS
  service: service id
EVENTS service_opened
ERRORS unknown_service, service_open
]]
return function(z, args)
  WZ.service(z, args.service)
  if WZ.state(z, 'service:' .. args.service) == '1' then WZ.refuse(R.service_open, {service = args.service}) end
  return {{type = 'service_opened', service = args.service}}
end
