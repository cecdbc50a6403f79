-- Whether a ticket can be drawn in a service now.
local function within_hours(z, intervals)
  for _, interval in ipairs(intervals) do
    if interval[1] <= z.now_ms and z.now_ms < interval[2] then return true end
  end
  return false
end

function WZ.require_drawing(z, id)
  local quota, issued = WZ.service(z, id).quota, tonumber(WZ.state(z, 'issued:' .. id)) or 0
  if WZ.state(z, 'service:' .. id) ~= '1' then WZ.refuse(R.service_closed, {service = id}) end
  if not within_hours(z, cjson.decode(redis.call('HGET', z.key.config, 'hours:' .. id))) then
    WZ.refuse(R.outside_hours, {service = id, at_ms = z.now_ms})
  end
  if quota > 0 and issued >= quota then WZ.refuse(R.quota_exhausted, {service = id, quota = quota}) end
end
