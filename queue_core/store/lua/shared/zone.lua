-- One table per call: the declared keys, the caller's command, the zone's clock.
function WZ.open(keys, argv)
  local z = {key = {}, queue = {}}
  local fixed = #WZ.key_names
  for i, name in ipairs(WZ.key_names) do z.key[name] = keys[i] end
  for i = fixed + 1, #keys do z.queue[argv[6 + i - fixed]] = keys[i] end
  z.command, z.expected_day, z.answer_key, z.request = argv[1], argv[2], argv[3], argv[4]
  z.expected_digest = argv[5]
  z.args = cjson.decode(argv[6])
  local s = redis.call('HMGET', z.key.state, 'day', 'day_from_ms', 'day_to_ms', 'epoch', 'seq', 'digest')
  z.day, z.day_from_ms, z.day_to_ms = s[1], tonumber(s[2]), tonumber(s[3])
  z.epoch, z.seq, z.digest = tonumber(s[4]) or 0, tonumber(s[5]) or 0, s[6] or ''
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
