-- The schedule of a paced queue. Unqualified: the schema is the connection's search_path.
-- Times are epoch milliseconds by this server's clock, but for the lease, which is compared in SQL only.

create function now_ms() returns bigint language sql volatile
  as $$ select floor(extract(epoch from clock_timestamp()) * 1000)::bigint $$;

-- How far each topic partition has been admitted. `last_at` keeps the places of messages rising when the clock steps back.
create table admit_cursor (
  cluster text, topic text, partition int,
  next_offset bigint not null,
  last_at bigint not null,
  primary key (cluster, topic, partition)
);

-- Who owns a shard. Every change of owner raises the epoch, and every statement of an owner names its epoch.
create table shard_lease (
  shard int primary key,
  owner text,
  epoch bigint not null default 0,
  expires_at timestamptz not null default '-infinity',
  -- False when the last owner did not hand over: its pace may lag behind what it really sent.
  released boolean not null default true,
  published_seq bigint not null default 0
);

-- What waits. A row stays until its message has ended, also while it is claimed.
create table pending (
  id text collate "C" primary key,
  shard int not null,
  tenant text not null,
  account text not null,
  member text collate "C" not null,
  lane text collate "C" not null,
  stream text collate "C" not null,           -- '' is none
  topic text not null,
  "offset" bigint not null,
  conversation text not null,
  gate bigint,                                -- hash of lane and conversation; null: not gated. A collision only makes one wait.
  place bigint not null,                      -- its turn: when it was admitted, or is due by its sender's wish; never changes
  next_at bigint,                             -- not before; null: at once
  not_after bigint not null,
  doubt_policy text not null,
  attempts int not null default 0,
  n int not null default 0,
  fingerprint text not null,
  admitted_at bigint not null,
  payload bytea not null
);
create index pending_window on pending (shard, member, lane, stream, place, "offset");
create index pending_gate on pending (gate, place, "offset") where gate is not null;
create index pending_due on pending (shard, next_at) where next_at is not null;
create index pending_expiry on pending (shard, not_after);

-- What has been claimed and has not ended. Its key is the fence against a second claim.
create table attempt (
  id text collate "C" primary key,
  shard int not null,
  epoch bigint not null,
  n int not null,
  claimed_at bigint not null,
  state text not null,                        -- claimed, in_doubt
  resolve_by bigint                           -- when in doubt: the policy decides then
);
create index attempt_shard on attempt (shard);

-- When each member may send next, as promised by its claims.
create table pace (
  scope text, key text collate "C",
  shard int not null,
  next_arrival bigint not null,
  primary key (scope, key)
);
create index pace_shard on pace (shard);

-- What has ended, by day of its end modulo ten: kept eight days and emptied by truncation. Admission looks a message up here
-- before it takes it a second time. An unconfirmed one keeps what is needed to correct or resend it.
create table done (
  slot int not null,
  id text collate "C" not null,
  shard int not null,
  outcome text not null,
  provider_id text,
  n int not null,
  fingerprint text not null,
  finished_at bigint not null,
  item jsonb,
  payload bytea,
  primary key (id, slot)
) partition by list (slot);
do $$ begin
  for slot in 0..9 loop
    execute format('create table done_%s partition of done for values in (%s)', slot, slot);
  end loop;
end $$;

-- The service's role may not truncate; this empties one day, and gives up rather than make admission queue behind it.
create function clear_done(slot int) returns void language plpgsql
  security definer set search_path from current set lock_timeout = '500ms'
  as $$ begin execute format('truncate table done_%s', slot); end $$;

-- Events to publish, numbered by the shard's owner. Rows up to shard_lease.published_seq are being deleted.
create table outbox (
  shard int, seq bigint,
  event bytea not null,
  primary key (shard, seq)
);

-- What a person asked for; may be here before its message.
create table command (
  id text collate "C", kind text,             -- cancel, resend, accept_unknown
  shard int not null,
  created_at bigint not null default now_ms(),
  primary key (id, kind)
);

-- What a provider's receipt says of a claim whose answer is not recorded. Written by any process, used by the owner.
create table echo (
  id text collate "C", n int,
  shard int not null,
  outcome text not null,                      -- sent, failed
  provider_id text not null,
  reason jsonb,
  at bigint not null,
  received_at bigint not null default now_ms(),
  primary key (id, n)
);
create index echo_shard on echo (shard);

-- Hot tables: a fixed small threshold instead of a share of the table, and no pauses.
alter table pending set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
alter table attempt set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 5000, autovacuum_vacuum_cost_delay = 0);
alter table outbox set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 20000,
  autovacuum_analyze_scale_factor = 0, autovacuum_analyze_threshold = 20000, autovacuum_vacuum_cost_delay = 0);
alter table pace set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000,
  autovacuum_vacuum_cost_delay = 0, fillfactor = 70);
alter table shard_lease set (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500,
  autovacuum_vacuum_cost_delay = 0, fillfactor = 50);
