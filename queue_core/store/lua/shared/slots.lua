-- Whether a place is free: domain/occupancy.py tells the same, tests hold both together.
-- A limit, and who of its services is there at `at_ms`: the ends of their appointments.
local function tally(limit, at_ms)
  local t = {places = limit.places, at_ms = at_ms, ends = {}, among = {}}
  for _, id in ipairs(limit.services) do t.among[id] = true end
  return t
end

local function come(t, at_ms, to_ms)
  if at_ms > t.at_ms then
    local still = {}
    for _, end_ms in ipairs(t.ends) do
      if end_ms > at_ms then still[#still + 1] = end_ms end
    end
    t.at_ms, t.ends = at_ms, still
  end
  t.ends[#t.ends + 1] = to_ms
end

-- Whether a limit is reached at any moment of [from_ms, to_ms): it is where one begins, or at once. `but`: the one that
-- is to have another time. It goes no further than the first moment at which all is taken.
local function is_full(z, limits, from_ms, to_ms, but)
  local tallies = {}
  for i, limit in ipairs(limits) do
    if limit.places <= 0 then return true end
    tallies[i] = tally(limit, from_ms)
  end
  for b in WZ.each_booking(z, '(' .. (from_ms - WZ.reach_ms(z)), '(' .. to_ms) do
    local at_ms, end_ms = math.max(b.slot_ms, from_ms), b.slot_ms + (b.length_ms or 0)
    local is_held = not b.held_until_ms or b.held_until_ms > z.now_ms
    for _, t in ipairs(tallies) do
      if t.among[b.service] and is_held and b.id ~= but and end_ms > at_ms then
        come(t, at_ms, end_ms)
        if #t.ends >= t.places then return true end
      end
    end
  end
  return false
end

-- The refusal that an appointment of the service meets then, or nil.
function WZ.no_place(z, id, slot_ms, but)
  local service = WZ.service(z, id)
  if not service.limits then WZ.refuse(R.not_bookable, {service = id}) end
  local to_ms = slot_ms + service.length_ms
  if WZ.is_blocked(z, id, slot_ms, to_ms) then return R.slot_blocked end
  if is_full(z, service.limits, slot_ms, to_ms, but) then return R.slot_full end
end

-- A free place, and what binds visitors beside it.
function WZ.require_place(z, id, slot_ms, within, but)
  if not within then return end
  local full = WZ.no_place(z, id, slot_ms, but)
  local from_ms = z.now_ms + (within == WITHIN.rules and WZ.rules(z).notice_ms or 0)
  if slot_ms < from_ms then WZ.refuse(R.too_short_notice, {service = id, slot_ms = slot_ms, from_ms = from_ms}) end
  if full then WZ.refuse(full, {service = id, slot_ms = slot_ms}) end
end
