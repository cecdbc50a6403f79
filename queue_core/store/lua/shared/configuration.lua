-- What the zone's state and its configuration hold.
function WZ.state(z, field) return redis.call('HGET', z.key.state, field) end

function WZ.state_json(z, field)
  local json = WZ.state(z, field)
  return json and cjson.decode(json)
end

function WZ.rules(z) return cjson.decode(redis.call('HGET', z.key.config, 'rules')) end

function WZ.configured(z, kind, id, refusal)
  local json = redis.call('HGET', z.key.config, kind .. ':' .. id)
  if not json then WZ.refuse(refusal, {id = id}) end
  return cjson.decode(json)
end

function WZ.service(z, id) return WZ.configured(z, 'service', id, R.unknown_service) end

function WZ.head_start_ms(service, visitor_class)
  local ms = service.head_start_ms[visitor_class]
  if not ms then WZ.refuse(R.unknown_class, {id = visitor_class}) end
  return ms
end

function WZ.fields(z, prefix)
  local found, all = {}, redis.call('HGETALL', z.key.state)
  for i = 1, #all, 2 do
    if all[i]:sub(1, #prefix) == prefix then found[all[i]:sub(#prefix + 1)] = all[i + 1] end
  end
  return found
end
