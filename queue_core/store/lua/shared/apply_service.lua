-- What the events of services change.
function WZ.apply.service_opened(z, e) redis.call('HSET', z.key.state, 'service:' .. e.service, 1) end
function WZ.apply.service_closed(z, e) redis.call('HSET', z.key.state, 'service:' .. e.service, 0) end
