-- Appointments as records, and what their events change.
function WZ.booking(z, id)
  local json = redis.call('HGET', z.key.bookings, id)
  if not json then WZ.refuse(R.unknown_booking, {booking = id}) end
  return cjson.decode(json)
end

-- Whose booking was used is told the number that was drawn, as long as that day's tickets are there.
function WZ.unused_booking(z, id)
  local b = WZ.booking(z, id)
  if not b.used then return b end
  local json = redis.call('HGET', z.key.tickets, b.used)
  local t = json and cjson.decode(json) or {}
  WZ.refuse(R.booking_used, {booking = id, slot_ms = b.slot_ms, ticket = b.used, number = t.number, state = t.state})
end

local function save_booking(z, b) redis.call('HSET', z.key.bookings, b.id, cjson.encode(b)) end

function WZ.apply.booked(z, e)
  save_booking(z, {id = e.booking, service = e.service, visitor_class = e.visitor_class, slot_ms = e.slot_ms})
end

function WZ.apply.booking_moved(z, e)
  local b = WZ.booking(z, e.booking)
  b.slot_ms = e.slot_ms
  save_booking(z, b)
end

function WZ.apply.booking_cancelled(z, e) redis.call('HDEL', z.key.bookings, e.booking) end

-- A used booking stays until its day ends, so that a second check-in hears "used", not "unknown".
function WZ.apply.checked_in(z, e)
  local b = WZ.booking(z, e.booking)
  b.used = e.ticket
  save_booking(z, b)
end
