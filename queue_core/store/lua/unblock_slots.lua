--[[ unblock_slots: appointments are given again.
ARGS
  block: id of the block
EVENTS slots_unblocked
ERRORS unknown_block
]]
return function(z, args)
  for _, block in ipairs(WZ.blocks(z)) do
    if block.id == args.block then return {{type = 'slots_unblocked', block = block.id}} end
  end
  WZ.refuse(R.unknown_block, {block = args.block})
end
