--[[ return_ticket: puts a called, parked or missed ticket back into its queue.
ARGS
  ticket: ticket id
  mode: old (its old rank), end (as if it came now), after (old rank, but not before a time)
  after_s: with mode after, seconds until it may be called
EVENTS returned
ERRORS unknown_ticket, unknown_service, unknown_class, wrong_state
]]
return function(z, args)
  local t = WZ.ticket(z, args.ticket)
  if t.state == STATE.waiting then -- its visitor may delay it
    WZ.refuse(R.wrong_state, {
      ticket = t.id, number = t.number, state = t.state, allowed = {STATE.called, STATE.missed, STATE.parked},
    })
  end
  WZ.require_from('returned', t)
  local e = WZ.ticket_event('returned', t, {counter = WZ.holder(t), mode = args.mode, rank_ms = t.rank_ms, pin = t.pin})
  if args.mode == RETURN.after then e.not_before_ms = z.now_ms + args.after_s * 1000 end
  if args.mode == RETURN['end'] then
    e.rank_ms = z.now_ms - WZ.head_start_ms(WZ.service(z, t.service), t.visitor_class)
  end
  return {e}
end
