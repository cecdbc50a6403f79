-- Spans in which staff give no appointments.
function WZ.blocks(z) return WZ.state_json(z, 'blocks') or {} end

function WZ.is_blocked(z, service, from_ms, to_ms)
  for _, block in ipairs(WZ.blocks(z)) do
    local concerns = not block.services
    for _, id in ipairs(block.services or {}) do concerns = concerns or id == service end
    if concerns and block.from_ms < to_ms and from_ms < block.to_ms then return true end
  end
  return false
end

local function save_blocks(z, blocks)
  if #blocks == 0 then return redis.call('HDEL', z.key.state, 'blocks') end
  redis.call('HSET', z.key.state, 'blocks', cjson.encode(blocks))
end

function WZ.keep_blocks(z, is_kept)
  local kept = {}
  for _, block in ipairs(WZ.blocks(z)) do
    if is_kept(block) then kept[#kept + 1] = block end
  end
  save_blocks(z, kept)
end

function WZ.apply.slots_blocked(z, e)
  local blocks = WZ.blocks(z)
  blocks[#blocks + 1] = {id = e.block, from_ms = e.from_ms, to_ms = e.to_ms, services = e.services, reason = e.reason}
  save_blocks(z, blocks)
end

function WZ.apply.slots_unblocked(z, e)
  WZ.keep_blocks(z, function(block) return block.id ~= e.block end)
end
