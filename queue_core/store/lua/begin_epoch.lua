--[[ begin_epoch: starts a new epoch, in an empty zone or after the store lost history.
ARGS
  cause: fresh, restored or history_lost
  day: business day of a fresh zone, ISO date
  day_from_ms: its begin, UTC ms
  day_to_ms: its end, UTC ms
  after_epoch: an epoch that readers have seen; the new one is larger
EVENTS epoch_started
ERRORS unknown_ticket
]]
return function(z, args)
  if z.day and args.cause == 'fresh' then return {} end
  if not z.day then z.day, z.day_from_ms, z.day_to_ms = args.day, args.day_from_ms, args.day_to_ms end
  z.epoch = math.max(math.floor(WZ.real_ms() / 1000), z.epoch + 1, args.after_epoch + 1)
  z.seq = 0
  return {{type = 'epoch_started', cause = args.cause, state = WZ.open_state(z)}}
end
