--[[ reserve_numbers: lends a block of consecutive numbers to a device that must go on without the server.
ARGS
  series: series id
  count: how many numbers
  holder: the device
EVENTS numbers_reserved
ERRORS unknown_series, series_full
]]
return function(z, args)
  local first = WZ.free_numbers(z, args.series, args.count)
  return {{
    type = 'numbers_reserved', series = args.series, first = first, last = first + args.count - 1, holder = args.holder,
  }}
end
