--[[ book: records an appointment.
ARGS
  booking: booking id
  service: service id
  visitor_class: class id
  slot_ms: begin of the appointment, UTC ms
EVENTS booked
ERRORS unknown_service, unknown_class, booking_exists
]]
return function(z, args)
  WZ.head_start_ms(WZ.service(z, args.service), args.visitor_class)
  if redis.call('HEXISTS', z.key.bookings, args.booking) == 1 then
    WZ.refuse(R.booking_exists, {booking = args.booking})
  end
  return {{
    type = 'booked', booking = args.booking, service = args.service, visitor_class = args.visitor_class,
    slot_ms = args.slot_ms,
  }}
end
