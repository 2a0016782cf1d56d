-- Takes from all of these budgets, or from none. Each is a GCRA: one more every interval, up to burst at once.
-- ARGV[1] life of the mark in ms, 0 = no mark; then per budget its interval in microseconds and its burst.
-- KEYS with a mark: first the mark of what is taken for, which is taken for once however often it is asked; then the budgets.
-- Returns {0, left of the first budget, microseconds until it is whole} or {number of the budget that refuses, microseconds to wait}.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]
local marks = ARGV[1] == '0' and 0 or 1
if marks == 1 and redis.call('EXISTS', KEYS[1]) == 1 then return {0, 0, 0} end
local whole = {}
for i = 1, #KEYS - marks do
  local interval = tonumber(ARGV[2 * i])
  local burst = tonumber(ARGV[2 * i + 1])
  whole[i] = math.max(tonumber(redis.call('GET', KEYS[i + marks]) or '0'), now) + interval
  local wait = whole[i] - burst * interval - now
  if wait > 0 then return {i, math.ceil(wait)} end
end
for i = 1, #whole do
  redis.call('SET', KEYS[i + marks], string.format('%.0f', whole[i]), 'PX', math.ceil((whole[i] - now) / 1000))
end
if marks == 1 then redis.call('SET', KEYS[1], '1', 'PX', ARGV[1]) end
return {0, math.floor(tonumber(ARGV[3]) - (whole[1] - now) / tonumber(ARGV[2])), math.ceil(whole[1] - now)}
