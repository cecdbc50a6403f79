--[[ cancel_booking: removes an appointment.
ARGS
  booking: booking id
EVENTS booking_cancelled
ERRORS unknown_booking, booking_used
]]
return function(z, args)
  WZ.unused_booking(z, args.booking)
  return {{type = 'booking_cancelled', booking = args.booking}}
end
