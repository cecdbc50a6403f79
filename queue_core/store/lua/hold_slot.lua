--[[ hold_slot: keeps a place for a visitor until they confirm. Holds that nobody can confirm any more are forgotten.
ARGS
  service: service id
  visitor_class: class id
  slot_ms: begin of the appointment, UTC ms
  booking: booking id
  ceiling: from_ms, to_ms (UTC ms) and the most that may be held of the service between them, or nil
EVENTS holds_lapsed, slot_held
ERRORS unknown_service, unknown_class, booking_exists, not_bookable, too_short_notice, slot_full, slot_blocked, holds_exhausted
]]
return function(z, args)
  local service = WZ.service(z, args.service)
  WZ.head_start_ms(service, args.visitor_class)
  WZ.require_new_booking(z, args.booking)
  WZ.require_place(z, args.service, args.slot_ms, WITHIN.rules)
  WZ.require_few_held(z, args.service, args.ceiling)
  local lapsed = redis.call('ZRANGEBYSCORE', z.key.holds, '-inf', z.now_ms - WZ.holds_kept_ms)
  local held = {
    type = 'slot_held', booking = args.booking, service = args.service, visitor_class = args.visitor_class,
    slot_ms = args.slot_ms, length_ms = service.length_ms, made_ms = z.now_ms,
    held_until_ms = z.now_ms + WZ.rules(z).hold_ms,
  }
  if #lapsed == 0 then return {held} end
  return {{type = 'holds_lapsed', bookings = lapsed}, held}
end
