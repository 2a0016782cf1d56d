-- KEYS[1] idempotency entry; ARGV[1] this request's mark, ARGV[2] the answer's entry ('' = leave none), ARGV[3] its life in ms.
-- Only the owner of the mark may replace it: when it was not renewed it may be somebody else's.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
if ARGV[2] == '' then return redis.call('DEL', KEYS[1]) end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
