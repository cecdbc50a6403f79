-- Whether a place is free: domain/occupancy.py tells the same, tests hold both together.
-- Appointments and holds in [from_ms, to_ms), but for the one that is to have another time.
local function overlapping(z, from_ms, to_ms, but)
  local found, earliest_ms = {}, from_ms - WZ.slot_most_ms
  for _, id in ipairs(redis.call('ZRANGEBYSCORE', z.key.slots, earliest_ms, '(' .. to_ms)) do
    local b = WZ.booking(z, id)
    b.to_ms = b.slot_ms + (b.length_ms or 0)
    local is_held = not b.held_until_ms or b.held_until_ms > z.now_ms
    if id ~= but and is_held and b.to_ms > from_ms then found[#found + 1] = b end
  end
  return found
end

-- The most of these services at any moment: it is where one begins, or at once.
local function most_at_once(found, services, from_ms)
  local among, most = {}, 0
  for _, id in ipairs(services) do among[id] = true end
  for _, one in ipairs(found) do
    local at_ms, count = math.max(one.slot_ms, from_ms), 0
    for _, b in ipairs(found) do
      if among[b.service] and b.slot_ms <= at_ms and at_ms < b.to_ms then count = count + 1 end
    end
    most = math.max(most, count)
  end
  return most
end

-- The refusal that an appointment of the service meets then, or nil.
function WZ.no_place(z, id, slot_ms, but)
  local service = WZ.service(z, id)
  if not service.limits then WZ.refuse(R.not_bookable, {service = id}) end
  local to_ms = slot_ms + service.length_ms
  if WZ.is_blocked(z, id, slot_ms, to_ms) then return R.slot_blocked end
  local found = overlapping(z, slot_ms, to_ms, but)
  for _, limit in ipairs(service.limits) do
    if most_at_once(found, limit.services, slot_ms) >= limit.places then return R.slot_full end
  end
end

-- A free place, and what binds visitors beside it.
function WZ.require_place(z, id, slot_ms, within, but)
  if not within then return end
  local full = WZ.no_place(z, id, slot_ms, but)
  local from_ms = z.now_ms + (within == WITHIN.rules and WZ.rules(z).notice_ms or 0)
  if slot_ms < from_ms then WZ.refuse(R.too_short_notice, {service = id, slot_ms = slot_ms, from_ms = from_ms}) end
  if full then WZ.refuse(full, {service = id, slot_ms = slot_ms}) end
end
