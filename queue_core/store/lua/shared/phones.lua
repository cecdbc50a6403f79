-- KEYS: the phones of cases, their PINs, and how often something was erased. ARGV: case, its phones as they were read and
-- as they are to be, "" for none, and the PIN that it must have, "" for any. Whoever takes a phone away wants the disk to
-- forget it.
function WZ.swap_phones(keys, argv)
  local case, before, after, pin = unpack(argv)
  if (redis.call('HGET', keys[1], case) or '') ~= before then return 'too_late' end
  if pin ~= '' and redis.call('HGET', keys[2], case) ~= pin then return 'other_pin' end
  if after == '' then redis.call('HDEL', keys[1], case) else redis.call('HSET', keys[1], case, after) end
  if #after < #before then redis.call('INCR', keys[3]) end
  return 'done'
end
