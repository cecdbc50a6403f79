-- Numbers of a series: next free one, skipping those still in the house and those lent to a device.
function WZ.number(series, n) return string.format('%s%0' .. series.digits .. 'd', series.prefix, n) end

function WZ.lent(z) return WZ.state_json(z, 'lent') or {} end

-- The number's block. Blocks end with their day, as numbers begin anew then; ended ones stay a while (`belated`).
function WZ.was_lent(z, series_id, n, belated, blocks)
  for _, block in ipairs(blocks or WZ.lent(z)) do
    local ended = (block.at_ms or 0) < z.day_from_ms
    if block.series == series_id and block.first <= n and n <= block.last and ended == (belated or false) then
      return block
    end
  end
end

-- Whether a device has got the ticket's number to give out, since a moment at which the ticket was over.
function WZ.is_lent_since(z, t, at_ms)
  local n = tonumber(t.number:sub(#WZ.configured(z, 'series', t.series, R.unknown_series).prefix + 1))
  for _, block in ipairs(WZ.lent(z)) do
    local is_later = block.series == t.series and (block.at_ms or 0) >= at_ms
    if is_later and block.first <= n and n <= block.last then return true end
  end
  return false
end

local function is_free(z, series_id, series, lent, n)
  if WZ.was_lent(z, series_id, n, false, lent) then return false end
  return redis.call('HEXISTS', z.key.held, WZ.number(series, n)) == 0
end

-- The first n of `count` consecutive free numbers after the last one drawn, wrapping once round the series.
function WZ.free_numbers(z, series_id, count)
  local series = WZ.configured(z, 'series', series_id, R.unknown_series)
  local lent, size = WZ.lent(z), series.last - series.first + 1
  local n, run = tonumber(WZ.state(z, 'series:' .. series_id)) or series.first - 1, 0
  for _ = 1, size + count - 1 do
    n = n + 1
    if n > series.last or n < series.first then n, run = series.first, 0 end
    run = is_free(z, series_id, series, lent, n) and run + 1 or 0
    if run == count then return n - count + 1, series end
  end
  WZ.refuse(R.series_full, {series = series_id, size = size, wanted = count})
end

-- The issued event of a new ticket; `more` adds rank, booking and the like.
function WZ.issued_event(z, args, series_id, n, series, more)
  local e = {
    type = 'issued', ticket = args.ticket, number = WZ.number(series, n), series = series_id, n = n,
    visitor_class = args.visitor_class, service = args.service, estimate = args.estimate, issued_ms = z.now_ms,
    ordinal = (tonumber(WZ.state(z, 'ordinal')) or 0) + 1,
  }
  for name, value in pairs(more) do e[name] = value end
  return e
end

function WZ.apply.numbers_reserved(z, e)
  local lent = WZ.lent(z)
  lent[#lent + 1] = {series = e.series, first = e.first, last = e.last, holder = e.holder, at_ms = z.now_ms}
  redis.call('HSET', z.key.state, 'lent', cjson.encode(lent), 'series:' .. e.series, e.last)
end
