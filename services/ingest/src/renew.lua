-- KEYS[1] idempotency entry; ARGV[1] this request's mark, ARGV[2] the mark's life in ms, from now on.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
return redis.call('PEXPIRE', KEYS[1], ARGV[2])
