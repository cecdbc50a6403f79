--[[ call_next: calls the counter's next ticket; may first end the visit that the counter still holds, with the same
effect as if both came one after the other: whom it sends on may be the next.
ARGS
  counter: counter id
  current: what to do with the held ticket: finish, miss, or nothing
  meant: the ticket that is held, or nothing
EVENTS started, finished, transferred, missed, called
ERRORS unknown_counter, unknown_service, unknown_class, counter_closed, counter_paused, counter_busy, other_ticket, wrong_state
]]
local function end_current(z, counter, current, meant)
  if not counter.ticket then return {} end
  WZ.require_meant(z, counter, meant)
  local held = WZ.ticket(z, counter.ticket)
  if current == CURRENT.finish then return WZ.finish_events(z, held) end
  if current == CURRENT.miss then
    WZ.require_from('missed', held)
    return {WZ.ticket_event('missed', held, {counter = counter.id})}
  end
  return WZ.require_free(z, counter)
end

return function(z, args)
  local counter = WZ.counter(z, args.counter)
  WZ.require_open(counter)
  local events, joining = end_current(z, counter, args.current, args.meant)
  local next_ticket = WZ.next_ticket(z, args.counter, joining)
  if next_ticket then events[#events + 1] = WZ.ticket_event('called', next_ticket, {counter = args.counter}) end
  if #events > 0 then return events, args.counter end
  return {}, nil, {next_not_before_ms = WZ.next_not_before_ms(z, args.counter)}
end
