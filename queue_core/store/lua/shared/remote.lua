-- Tickets that were drawn elsewhere, and are called only when their visitors have said that they are there.
local function unconfirmed(z)
  local found = 0
  for _, member in ipairs(redis.call('ZRANGEBYSCORE', z.key.later, '(' .. z.now_ms, '+inf')) do
    if WZ.ticket(z, member:sub(12)).confirm_by_ms then found = found + 1 end
  end
  return found
end

-- Until when its visitor has to be there: the long end of the wait that is announced, and as long again as the rules say.
function WZ.confirm_by_ms(z, args)
  local rules, drawn = WZ.rules(z), tonumber(WZ.state(z, 'remote')) or 0
  if not rules.remote_ms then WZ.refuse(R.remote_not_offered, {service = args.service}) end
  if drawn >= rules.remote_day_most then WZ.refuse(R.remote_exhausted, {most = rules.remote_day_most}) end
  if unconfirmed(z) >= rules.remote_open_most then WZ.refuse(R.remote_exhausted, {most = rules.remote_open_most}) end
  local long_s = args.estimate and args.estimate.p90_s or 0
  return z.now_ms + long_s * 1000 + rules.remote_ms
end

function WZ.lapse(z, t)
  z.lapsed = z.lapsed or {}
  z.lapsed[#z.lapsed + 1] = WZ.ticket_event('cancelled', t, {by = WZ.by_lapse})
end
