--[[ issue: draws a ticket in a service.
ARGS
  service: service id
  visitor_class: class id
  ticket: random id of the new ticket
  estimate: what is shown to the visitor, {p10_s, p50_s, p90_s} in seconds, or nothing
  lent_number: a number lent before, 0 for the next free one
  claimed_ms: when a lent number was given out, UTC ms; on an ended day the ticket is recorded and expires at once
  further: ids of services that the visit goes on to, in this order; each can be drawn now, and counts in no quota
  series: series id of the lent number, or empty for the service's own
  outage_ms: when the outage began, UTC ms: no lent number was given out before; 0 where nobody knows
  remote: true where the visitor is not there yet: the ticket waits to be confirmed; else nothing
EVENTS issued, expired
ERRORS unknown_service, unknown_class, unknown_series, service_closed, outside_hours, quota_exhausted, series_full, number_taken, number_not_lent, service_listed, remote_not_offered, remote_exhausted
]]
-- A number given out while the server was away is in a visitor's hand already: hours and quota no longer decide. Third
-- answer: before when nobody can have got it, whatever the kiosk's clock says.
local function lent(z, args, service, belated)
  local id = args.series ~= '' and args.series or service.series
  local series = WZ.configured(z, 'series', id, R.unknown_series)
  local details = {series = id, n = args.lent_number, number = WZ.number(series, args.lent_number)}
  local block = WZ.was_lent(z, id, args.lent_number, belated) or WZ.refuse(R.number_not_lent, details)
  local taken = redis.call('HEXISTS', z.key.held, details.number) == 1
  if taken and not belated then WZ.refuse(R.number_taken, details) end
  return series, id, math.max(args.outage_ms, block.at_ms or 0)
end

return function(z, args)
  local service = WZ.service(z, args.service)
  local head_start_ms = WZ.head_start_ms(service, args.visitor_class)
  WZ.require_further(z, args.service, args.visitor_class, args.further)
  local more = {arrival_ms = z.now_ms, further = #args.further > 0 and args.further or nil}
  local n, series, series_id = args.lent_number, nil, service.series
  if n > 0 then
    local belated = args.claimed_ms < z.day_from_ms or nil
    local from_ms
    series, series_id, from_ms = lent(z, args, service, belated)
    more.arrival_ms, more.lent, more.belated = math.min(math.max(args.claimed_ms, from_ms), z.now_ms), true, belated
  else
    WZ.require_drawing(z, args.service)
    for _, id in ipairs(args.further) do WZ.require_drawing(z, id) end
    if args.remote then more.confirm_by_ms = WZ.confirm_by_ms(z, args) end
    n, series = WZ.free_numbers(z, series_id, 1)
  end
  more.rank_ms = more.arrival_ms - head_start_ms
  local issued = WZ.issued_event(z, args, series_id, n, series, more)
  if not more.belated then return {issued} end
  local gone = {id = args.ticket, number = issued.number, service = args.service, state = STATE.waiting}
  return {issued, WZ.ticket_event('expired', gone, {belated = true})}
end
