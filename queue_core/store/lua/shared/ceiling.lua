-- What is only held takes no more than its share of a day from everybody else: args.ceiling, if any, names the span, and
-- how many of the service's appointments in it may be held at most, none where those of others have taken its share. The
-- one that is to have another time counts not.
function WZ.require_few_held(z, id, ceiling, but)
  if not ceiling then return end
  local held, until_ms = {}, nil
  for _, booking in ipairs(redis.call('ZRANGEBYSCORE', z.key.holds, '(' .. z.now_ms, '+inf')) do held[booking] = true end
  local count = 0
  for _, booking in ipairs(redis.call('ZRANGEBYSCORE', z.key.slots, ceiling.from_ms, '(' .. ceiling.to_ms)) do
    local b = held[booking] and booking ~= but and WZ.booking(z, booking)
    if b then
      until_ms = math.min(until_ms or b.held_until_ms, b.held_until_ms)
      if b.service == id then count = count + 1 end
    end
  end
  if count >= ceiling.most then WZ.refuse(R.holds_exhausted, {service = id, most = ceiling.most, until_ms = until_ms}) end
end
