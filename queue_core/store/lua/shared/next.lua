-- Who is next at a counter, by the rule of domain/policy.py.

-- The counter as it works now: of its services those that its clerk has chosen for this session.
local function at_work(z, counter_id)
  local place = WZ.configured(z, 'counter', counter_id, R.unknown_counter)
  local chosen, is_chosen, services = WZ.counter(z, counter_id).services, {}, {}
  if not chosen then return place end
  for _, service in ipairs(chosen) do is_chosen[service] = true end
  for _, service in ipairs(place.services) do
    if is_chosen[service] then services[#services + 1] = service end
  end
  place.services = services
  return place
end

-- Pinned first, then smallest (rank + offset, ordinal).
-- `joining` is a ticket that will stand in its queue once this move is applied.
function WZ.next_ticket(z, counter_id, joining)
  WZ.promote(z)
  local pinned = redis.call('ZRANGE', z.queue['@' .. counter_id], 0, 0)[1]
  if pinned then return WZ.ticket(z, pinned:sub(12)) end
  local place = at_work(z, counter_id)
  local best, best_rank
  local function consider(service, member, score)
    local rank = tonumber(score) + (place.offset_ms[service] or 0)
    if not best or rank < best_rank or (rank == best_rank and member < best) then best, best_rank = member, rank end
  end
  for _, service in ipairs(place.services) do
    local head = redis.call('ZRANGE', z.queue[service], 0, 0, 'WITHSCORES')
    if head[1] then consider(service, head[1], head[2]) end
    if joining and joining.service == service then consider(service, WZ.member(joining), joining.rank_ms) end
  end
  if joining and best == WZ.member(joining) then return joining end
  return best and WZ.ticket(z, best:sub(12))
end

-- When the first of the counter's tickets that must still wait becomes eligible, or nil.
function WZ.next_not_before_ms(z, counter_id)
  local place = at_work(z, counter_id)
  local serves = {}
  for _, service in ipairs(place.services) do serves[service] = true end
  local later = redis.call('ZRANGE', z.key.later, 0, -1, 'WITHSCORES')
  for i = 1, #later, 2 do
    local t = WZ.ticket(z, later[i]:sub(12))
    local is_theirs = t.pin == counter_id or (not t.pin and serves[t.service])
    if is_theirs and not t.confirm_by_ms then return tonumber(later[i + 1]) end
  end
end
