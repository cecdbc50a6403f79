--[[ move_booking: gives an appointment another time.
ARGS
  booking: booking id
  slot_ms: new begin, UTC ms
EVENTS booking_moved
ERRORS unknown_booking, booking_used
]]
return function(z, args)
  WZ.unused_booking(z, args.booking)
  return {{type = 'booking_moved', booking = args.booking, slot_ms = args.slot_ms}}
end
