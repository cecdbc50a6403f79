--[[ call_ticket: calls a given ticket, out of turn.
ARGS
  ticket: ticket id
  counter: counter id
  pick: true where the caller may call any ticket; else only what this counter parked
EVENTS called
ERRORS unknown_counter, unknown_ticket, counter_closed, counter_paused, counter_busy, wrong_state, not_yours
]]
return function(z, args)
  local counter = WZ.counter(z, args.counter)
  WZ.require_open(counter)
  local t = WZ.ticket(z, args.ticket)
  WZ.require_from('called', t)
  local own = t.state == STATE.parked and t.counter == args.counter
  if not (args.pick or own) then WZ.refuse(R.not_yours, {ticket = t.id, number = t.number, state = t.state}) end
  WZ.require_free(z, counter)
  return {WZ.ticket_event('called', t, {counter = args.counter})}, args.counter
end
