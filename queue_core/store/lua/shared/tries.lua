-- Tries that are counted before anybody knows how they end. A record is "subject tries begun_ms last_ms"; in a field that
-- several subjects share the latest has its place.

local function tries_of(key, field, subject, now_ms, window_ms)
  local text = redis.call('HGET', key, field)
  if not text then return 0, now_ms, now_ms end
  local whose, count, begun_ms, last_ms = string.match(text, '^(%S+) (%d+) (%d+) (%d+)$')
  if whose ~= subject or now_ms - begun_ms >= window_ms then return 0, now_ms, now_ms end
  return tonumber(count), tonumber(begun_ms), tonumber(last_ms)
end

local function keep(key, field, subject, count, begun_ms, last_ms)
  redis.call('HSET', key, field, string.format('%s %d %d %d', subject, count, begun_ms, last_ms))
end

-- KEYS: the hash. ARGV: field, subject, now_ms, free, first_wait_ms, longest_wait_ms, window_ms. Answers how many tries
-- there were in this window, this one included, and 0; or, where the subject has to wait, counts nothing and answers for
-- how many ms.
function WZ.begin_try(keys, argv)
  local field, subject = argv[1], argv[2]
  local now_ms, free, first_ms, longest_ms, window_ms = unpack(argv, 3)
  now_ms, window_ms = tonumber(now_ms), tonumber(window_ms)
  local count, begun_ms, last_ms = tries_of(keys[1], field, subject, now_ms, window_ms)
  local over = count - tonumber(free)
  if over >= 0 then
    local wait_ms = math.min(tonumber(first_ms) * 2 ^ over, tonumber(longest_ms))
    local left_ms = math.min(last_ms + wait_ms, begun_ms + window_ms) - now_ms
    if left_ms > 0 then return {count, left_ms} end
  end
  keep(keys[1], field, subject, count + 1, begun_ms, now_ms)
  return {count + 1, 0}
end

-- KEYS, ARGV: as above up to window_ms, without the waits: field, subject, now_ms, window_ms. The last try was no
-- failure. Answers as above.
function WZ.forgive_try(keys, argv)
  local field, subject, now_ms, window_ms = argv[1], argv[2], tonumber(argv[3]), tonumber(argv[4])
  local count, begun_ms, last_ms = tries_of(keys[1], field, subject, now_ms, window_ms)
  if count > 0 then keep(keys[1], field, subject, count - 1, begun_ms, last_ms) end
  return {count, 0}
end
