-- Each statement has one index that can serve it. Two indexes that begin with the shard look alike to a planner whose statistics
-- are of a moment in which the table was empty, which this table often is; the wrong one reads all that waits in the shard for
-- every window. By time alone these two find their rows, which are few, of all shards.
drop index pending_due;
drop index pending_expiry;
create index pending_due on pending (next_at) where next_at is not null;
create index pending_expiry on pending (not_after);
