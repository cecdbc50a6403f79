-- One table per call: the declared keys, the caller's command, the zone's clock.
function WZ.open(keys, argv)
  local z = {key = {}, queue = {}}
  local fixed = #WZ.key_names
  for i, name in ipairs(WZ.key_names) do z.key[name] = keys[i] end
  for i = fixed + 1, #keys do z.queue[argv[5 + i - fixed]] = keys[i] end
  z.command, z.expected_day, z.answer_key, z.request = argv[1], argv[2], argv[3], argv[4]
  z.args = cjson.decode(argv[5])
  local s = redis.call('HMGET', z.key.state, 'day', 'day_from_ms', 'day_to_ms', 'epoch', 'seq')
  z.day, z.day_from_ms, z.day_to_ms = s[1], tonumber(s[2]), tonumber(s[3])
  z.epoch, z.seq = tonumber(s[4]) or 0, tonumber(s[5]) or 0
  z.now_ms = WZ.clock(z)
  return z
end

function WZ.real_ms()
  local t = redis.call('TIME')
  return tonumber(t[1]) * 1000 + math.floor(tonumber(t[2]) / 1000)
end

-- Zone time, never backwards: an NTP step or a restored clock must not reorder arrivals.
function WZ.clock(z)
  local c = redis.call('HMGET', z.key.state, 'clock_zone_ms', 'clock_real_ms', 'clock_rate', 'last_ms')
  local now = WZ.real_ms()
  if c[1] then now = math.floor(tonumber(c[1]) + tonumber(c[3]) * (now - tonumber(c[2]))) end
  return math.max(now, tonumber(c[4]) or 0)
end

-- Refusing is possible only before the first write: moves decide, commit writes.
function WZ.refuse(code, details)
  error({refused = code or 'unknown refusal', details = details or {}}, 0)
end

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
