--[[ confirm_booking: makes a hold an appointment; one that has lapsed, too, unless its place is taken.
ARGS
  booking: booking id
EVENTS booked
ERRORS unknown_booking, unknown_service, booking_used, booking_confirmed, booking_over, hold_lapsed, not_bookable
]]
return function(z, args)
  local b = WZ.unused_booking(z, args.booking)
  local known = {booking = b.id, service = b.service, slot_ms = b.slot_ms, held_until_ms = b.held_until_ms}
  if not b.held_until_ms then WZ.refuse(R.booking_confirmed, known) end
  if b.slot_ms <= z.now_ms then WZ.refuse(R.booking_over, known) end
  local has_lapsed = b.held_until_ms <= z.now_ms
  if has_lapsed and WZ.no_place(z, b.service, b.slot_ms, b.id) then WZ.refuse(R.hold_lapsed, known) end
  return {{
    type = 'booked', booking = b.id, service = b.service, visitor_class = b.visitor_class, slot_ms = b.slot_ms,
    length_ms = b.length_ms, made_ms = b.made_ms,
  }}
end
