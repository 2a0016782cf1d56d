-- KEYS[1] idempotency entry; ARGV[1] this request's mark, ARGV[2] the mark's life in ms. Returns what stood there, if anything.
local found = redis.call('GET', KEYS[1])
if found then return found end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return false
