--[[ issue: draws a ticket in a service.
ARGS
  service: service id
  visitor_class: class id
  ticket: random id of the new ticket
  estimate: what is shown to the visitor, {p10_s, p50_s, p90_s} in seconds, or nothing
  lent_number: a number lent before, 0 for the next free one
  claimed_ms: when a lent number was drawn, UTC ms; 0 for now
  further: ids of services that the visit goes on to, in this order; each can be drawn now, and counts in no quota
EVENTS issued
ERRORS unknown_service, unknown_class, unknown_series, service_closed, outside_hours, quota_exhausted, series_full, number_taken, service_listed
]]
local function within_hours(z, intervals)
  for _, interval in ipairs(intervals) do
    if interval[1] <= z.now_ms and z.now_ms < interval[2] then return true end
  end
  return false
end

local function require_drawing(z, id)
  local quota, issued = WZ.service(z, id).quota, tonumber(WZ.state(z, 'issued:' .. id)) or 0
  if WZ.state(z, 'service:' .. id) ~= '1' then WZ.refuse(R.service_closed, {service = id}) end
  if not within_hours(z, cjson.decode(redis.call('HGET', z.key.config, 'hours:' .. id))) then
    WZ.refuse(R.outside_hours, {service = id, at_ms = z.now_ms})
  end
  if quota > 0 and issued >= quota then WZ.refuse(R.quota_exhausted, {service = id, quota = quota}) end
end

-- A number drawn while the server was away: already in a visitor's hand, so hours and quota no longer decide.
local function lent_series(z, args, service)
  for _, block in ipairs(WZ.lent(z)) do
    if block.series == service.series and block.first <= args.lent_number and args.lent_number <= block.last then
      local series = WZ.configured(z, 'series', service.series, R.unknown_series)
      if redis.call('HEXISTS', z.key.held, WZ.number(series, args.lent_number)) == 0 then return series end
    end
  end
  WZ.refuse(R.number_taken, {series = service.series, n = args.lent_number})
end

return function(z, args)
  local service = WZ.service(z, args.service)
  local head_start_ms = WZ.head_start_ms(service, args.visitor_class)
  WZ.require_further(z, args.service, args.visitor_class, args.further)
  local arrival_ms, n, series = z.now_ms, args.lent_number, nil
  if n > 0 then
    series = lent_series(z, args, service)
    arrival_ms = math.min(math.max(args.claimed_ms, z.day_from_ms), z.now_ms)
  else
    require_drawing(z, args.service)
    for _, id in ipairs(args.further) do require_drawing(z, id) end
    n, series = WZ.free_numbers(z, service.series, 1)
  end
  local more = {
    arrival_ms = arrival_ms, rank_ms = arrival_ms - head_start_ms, lent = args.lent_number > 0 or nil,
    further = #args.further > 0 and args.further or nil,
  }
  return {WZ.issued_event(z, args, service.series, n, series, more)}
end
