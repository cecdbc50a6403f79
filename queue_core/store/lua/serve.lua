--[[ serve: draws a ticket for a visitor who stands at the counter, and serves it at once.
Neither hours nor a ticket stop nor the quota decide: the clerk does. It counts as issued all the same.
ARGS
  counter: counter id
  service: service id
  visitor_class: class id
  ticket: random id of the new ticket
EVENTS issued, called, started
ERRORS unknown_counter, unknown_service, unknown_class, unknown_series, counter_closed, counter_paused, counter_busy, series_full
]]
return function(z, args)
  local counter = WZ.counter(z, args.counter)
  WZ.require_open(counter)
  WZ.require_free(z, counter)
  local service = WZ.service(z, args.service)
  local head_start_ms = WZ.head_start_ms(service, args.visitor_class)
  local n, series = WZ.free_numbers(z, service.series, 1)
  local issued = WZ.issued_event(z, args, service.series, n, series, {
    arrival_ms = z.now_ms, rank_ms = z.now_ms - head_start_ms,
  })
  local drawn = {id = args.ticket, number = issued.number, service = args.service, state = STATE.waiting}
  local called = WZ.ticket_event('called', drawn, {counter = args.counter, direct = true})
  drawn.state = STATE.called
  return {issued, called, WZ.ticket_event('started', drawn, {counter = args.counter})}
end
