-- Beside members: what they share (tenant, account) and pairs of member and person, each by shard; limits count by day (UTC).
alter table pace drop constraint pace_pkey;
drop index pace_shard;
alter table pace add primary key (shard, scope, key);
alter table pace add column day int not null default 0, add column day_count int not null default 0;

-- Since when an event waits to be published: what it speaks of is not forgotten before.
alter table outbox add column created_at bigint not null default now_ms();
