--[[ move_booking: gives an appointment, or a hold, another time.
ARGS
  booking: booking id
  slot_ms: new begin, UTC ms
  within: free: only where a place is free; rules: that, and as visitors may; nothing: the caller has decided
  ceiling: for a hold: from_ms, to_ms (UTC ms) and the most that may be held of the service between them, or nil
EVENTS booking_moved
ERRORS unknown_booking, unknown_service, booking_used, booking_over, hold_lapsed, changes_spent, not_bookable, too_short_notice, slot_full, slot_blocked, holds_exhausted
]]
-- A hold may be moved as often as its visitor likes, for as long as it lasts.
local function changes(z, b)
  local most, made = WZ.rules(z).changes_most or 0, b.changes or 0
  if b.slot_ms <= z.now_ms then WZ.refuse(R.booking_over, {booking = b.id, slot_ms = b.slot_ms}) end
  if b.held_until_ms then
    if b.held_until_ms <= z.now_ms then WZ.refuse(R.hold_lapsed, {booking = b.id, slot_ms = b.slot_ms}) end
    return nil
  end
  if made >= most then WZ.refuse(R.changes_spent, {booking = b.id, slot_ms = b.slot_ms, changes_most = most}) end
  return made + 1
end

return function(z, args)
  local b = WZ.unused_booking(z, args.booking)
  local made = args.within == WITHIN.rules and changes(z, b) or nil
  WZ.require_place(z, b.service, args.slot_ms, args.within, b.id)
  if b.held_until_ms then WZ.require_few_held(z, b.service, args.ceiling, b.id) end
  return {{
    type = 'booking_moved', booking = b.id, slot_ms = args.slot_ms, made_ms = b.made_ms, changes = made,
    length_ms = args.within and WZ.service(z, b.service).length_ms,
  }}
end
