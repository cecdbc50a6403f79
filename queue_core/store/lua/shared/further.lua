-- A visit of several services: what is still to come of it, in order. A list that would be empty is no list.

-- Refused where a service is named twice or cannot be served.
function WZ.require_further(z, service, visitor_class, further)
  local listed = {[service] = true}
  for _, id in ipairs(further) do
    if listed[id] then WZ.refuse(R.service_listed, {service = id}) end
    listed[id] = true
    WZ.head_start_ms(WZ.service(z, id), visitor_class)
  end
end

function WZ.without(further, service)
  local rest = {}
  for _, id in ipairs(further or {}) do
    if id ~= service then rest[#rest + 1] = id end
  end
  return #rest > 0 and rest or nil
end

-- transferred: to another service the ticket ranks by its arrival and that service's head start.
function WZ.transferred_event(z, t, to, more)
  local service, rank_ms = WZ.service(z, to), t.rank_ms
  if to ~= t.service then rank_ms = t.arrival_ms - WZ.head_start_ms(service, t.visitor_class) end
  local e = WZ.ticket_event('transferred', t, {
    from_service = t.service, rank_ms = rank_ms, counter = WZ.holder(t), further = WZ.without(t.further, to),
  })
  for name, value in pairs(more) do e[name] = value end
  e.service = to
  return e
end

-- finished, or on to what is still to come; from called the visit has begun silently, so it is started first. A ticket
-- stop or the end of hours changes nothing: whoever is inside stays. Second answer: the ticket as it waits again.
function WZ.finish_events(z, t, outcome)
  local events, last = {}, nil
  if t.state == STATE.called then
    events[1] = WZ.ticket_event('started', t, {counter = t.counter})
  else
    WZ.require_from('finished', t)
  end
  if t.further then
    last = WZ.transferred_event(z, t, t.further[1], {onward = true, outcome = outcome})
  else
    last = WZ.ticket_event('finished', t, {counter = t.counter, outcome = outcome})
  end
  last.from = STATE.serving
  events[#events + 1] = last
  return events, t.further and {
    id = t.id, number = t.number, ordinal = t.ordinal, state = STATE.waiting, service = last.service, rank_ms = last.rank_ms,
  }
end

function WZ.apply.service_added(z, e, seq)
  local t = WZ.ticket(z, e.ticket)
  t.further, t.seq = e.further, seq
  WZ.save_ticket(z, t)
end
