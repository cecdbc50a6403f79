--[[ book: records an appointment.
ARGS
  booking: booking id
  service: service id
  visitor_class: class id
  slot_ms: begin of the appointment, UTC ms
  within: free: only where a place is free; nothing: the caller has decided
EVENTS booked
ERRORS unknown_service, unknown_class, booking_exists, not_bookable, too_short_notice, slot_full, slot_blocked
]]
return function(z, args)
  local service = WZ.service(z, args.service)
  WZ.head_start_ms(service, args.visitor_class)
  WZ.require_new_booking(z, args.booking)
  WZ.require_place(z, args.service, args.slot_ms, args.within)
  return {{
    type = 'booked', booking = args.booking, service = args.service, visitor_class = args.visitor_class,
    slot_ms = args.slot_ms, length_ms = service.length_ms, made_ms = z.now_ms,
  }}
end
