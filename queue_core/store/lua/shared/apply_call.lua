-- What the events of tickets at a counter change.
local apply = WZ.apply

function apply.called(z, e, seq)
  local t = WZ.change(z, e, seq, function(t)
    t.counter, t.called_ms = e.counter, z.now_ms
    t.started_ms, t.recalls, t.recalled_ms, t.pin, t.reason, t.missed_ms = nil, nil, nil, nil, nil, nil
    t.confirm_by_ms = nil
  end)
  WZ.hold(z, e, seq, t.id)
  if not e.direct then WZ.list_call(z, seq, t) end
end

function apply.recalled(z, e, seq)
  local t = WZ.change(z, e, seq, function(t) t.recalls, t.recalled_ms = e.recalls, z.now_ms end)
  WZ.hold(z, e, seq, t.id)
  WZ.list_call(z, seq, t)
end

function apply.started(z, e, seq)
  WZ.hold(z, e, seq, WZ.change(z, e, seq, function(t) t.started_ms = z.now_ms end).id)
end

local function left_counter(z, e, seq)
  WZ.change(z, e, seq, function(t)
    t.reason = e.reason or t.reason
    if e.type == 'finished' then t.ended_ms = z.now_ms end
    if e.type == 'missed' then t.missed_ms = z.now_ms end
  end)
  WZ.hold(z, e, seq, nil)
end
apply.finished, apply.missed, apply.parked, apply.expired = left_counter, left_counter, left_counter, left_counter
