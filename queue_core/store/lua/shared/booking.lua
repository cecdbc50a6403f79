-- Appointments as records.
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

function WZ.require_new_booking(z, id)
  if redis.call('HEXISTS', z.key.bookings, id) == 1 then WZ.refuse(R.booking_exists, {booking = id}) end
end

function WZ.save_booking(z, b)
  redis.call('HSET', z.key.bookings, b.id, cjson.encode(b))
  WZ.index_booking(z, b)
end

function WZ.drop_booking(z, id)
  redis.call('HDEL', z.key.bookings, id)
  redis.call('ZREM', z.key.slots, id)
  redis.call('ZREM', z.key.holds, id)
end

function WZ.bookings(z)
  local found = redis.call('HVALS', z.key.bookings)
  for i = 1, #found do found[i] = cjson.decode(found[i]) end
  return found
end
