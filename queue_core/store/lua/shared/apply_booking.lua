-- What the events of appointments change.
local function keep_booking(z, e)
  redis.call('ZREM', z.key.holds, e.booking)
  WZ.save_booking(z, {
    id = e.booking, service = e.service, visitor_class = e.visitor_class, slot_ms = e.slot_ms, length_ms = e.length_ms,
    held_until_ms = e.held_until_ms, made_ms = e.made_ms,
  })
end
WZ.apply.booked, WZ.apply.slot_held = keep_booking, keep_booking

function WZ.apply.holds_lapsed(z, e)
  for _, id in ipairs(e.bookings) do WZ.drop_booking(z, id) end
end

function WZ.apply.booking_moved(z, e)
  local b = WZ.booking(z, e.booking)
  b.slot_ms, b.length_ms, b.changes = e.slot_ms, e.length_ms or b.length_ms, e.changes or b.changes
  WZ.save_booking(z, b)
end

function WZ.apply.booking_cancelled(z, e) WZ.drop_booking(z, e.booking) end

-- A used booking stays until its day ends, so that a second check-in hears "used", not "unknown".
function WZ.apply.checked_in(z, e)
  local b = WZ.booking(z, e.booking)
  b.used = e.ticket
  WZ.save_booking(z, b)
end
