-- Functions that are no moves: they append no events.

-- What a process reads when it starts or has lost its place: the open state, the clock and the configuration's digest.
function WZ.read_zone(keys, argv)
  local z = WZ.open(keys, argv)
  if not z.day then return {'fresh', z.now_ms} end
  local c = redis.call('HMGET', z.key.state, 'clock_zone_ms', 'clock_real_ms', 'clock_rate', 'digest')
  return {'zone', z.now_ms, cjson.encode(WZ.open_state(z)), c[4] or '', c[1] or '0', c[2] or '0', c[3] or '1'}
end

-- Zone time goes on from args.zone_ms (0: from now) at args.rate; never backwards.
function WZ.set_clock(keys, argv)
  local z = WZ.open(keys, argv)
  local zone_ms = math.max(z.args.zone_ms, z.now_ms)
  redis.call('HSET', z.key.state, 'clock_zone_ms', zone_ms, 'clock_real_ms', WZ.real_ms(), 'clock_rate', z.args.rate)
  return {'zone', zone_ms}
end
