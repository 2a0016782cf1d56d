-- Claims in the open are few, some hundreds for each process: to read them all costs less than to keep an index of them by shard.
-- With statistics of a moment in which the table was empty, that index was also taken to look up one id, through all that had
-- been deleted since.
drop index attempt_shard;
