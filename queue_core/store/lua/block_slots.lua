--[[ block_slots: no appointments are given in a span; those that are there stay.
ARGS
  from_ms: begin of the span, UTC ms
  to_ms: its end, UTC ms
  services: service ids, or none for every service
  reason: why
  block: id of the block
EVENTS slots_blocked
ERRORS unknown_service, block_exists, blocks_exhausted
]]
return function(z, args)
  local blocks = WZ.blocks(z)
  for _, id in ipairs(args.services) do WZ.service(z, id) end
  for _, block in ipairs(blocks) do
    if block.id == args.block then WZ.refuse(R.block_exists, {block = block.id}) end
  end
  if #blocks >= WZ.blocks_most then WZ.refuse(R.blocks_exhausted, {most = WZ.blocks_most}) end
  return {{
    type = 'slots_blocked', block = args.block, from_ms = args.from_ms, to_ms = args.to_ms,
    services = #args.services > 0 and args.services or nil, reason = args.reason ~= '' and args.reason or nil,
  }}
end
