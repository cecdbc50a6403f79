--[[ check_in: the visitor of an appointment is here; draws the ticket, outside the quota.
ARGS
  booking: booking id
  ticket: random id of the new ticket
  estimate: what is shown to the visitor, {p10_s, p50_s, p90_s} in seconds, or nothing
EVENTS checked_in, issued
ERRORS unknown_booking, unknown_service, unknown_class, unknown_series, booking_used, booking_unconfirmed, booking_too_early, series_full
]]
return function(z, args)
  local b, rules = WZ.unused_booking(z, args.booking), WZ.rules(z)
  if b.held_until_ms then WZ.refuse(R.booking_unconfirmed, {booking = b.id, slot_ms = b.slot_ms}) end
  local from_ms = b.slot_ms - rules.booking_earliest_ms
  if z.now_ms < from_ms then WZ.refuse(R.booking_too_early, {slot_ms = b.slot_ms, from_ms = from_ms}) end
  local late = z.now_ms > b.slot_ms + rules.booking_grace_ms
  local draw = {
    ticket = args.ticket, estimate = args.estimate, service = b.service, visitor_class = b.visitor_class,
  }
  local service = WZ.service(z, b.service)
  local n, series = WZ.free_numbers(z, service.series, 1)
  local not_before_ms = b.slot_ms - rules.booking_lead_ms
  local issued = WZ.issued_event(z, draw, service.series, n, series, {
    arrival_ms = z.now_ms, booking = b.id, slot_ms = b.slot_ms,
    rank_ms = (late and z.now_ms or b.slot_ms) - WZ.head_start_ms(service, b.visitor_class),
    not_before_ms = not_before_ms > z.now_ms and not_before_ms or nil,
  })
  return {{
    type = 'checked_in', booking = b.id, service = b.service, visitor_class = b.visitor_class, slot_ms = b.slot_ms,
    ticket = args.ticket, late = late or nil,
  }, issued}
end
