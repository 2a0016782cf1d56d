-- Rotation: the secret before the last one signs too, until then.
alter table endpoint add column previous_secret text;
alter table endpoint add column previous_until timestamptz;

-- Attempts made before the last replay: the schedule of waits begins anew there, attempts are counted on.
alter table delivery add column replayed_at_attempt integer not null default 0;
-- How the last attempt ended. A success is kept here only: one write per delivery.
alter table delivery add column ended_at timestamptz;
alter table delivery add column duration_ms integer;
alter table delivery add column http_status integer;
alter table delivery add column error text;
-- Beginning of the answer, at most 1 KiB, without secrets.
alter table delivery add column answer text;

-- Attempts that failed, at most ten per delivery and replay; they go with their delivery.
create table attempt (
  delivery bigint not null references delivery (seq) on delete cascade,
  attempt integer not null,
  tenant text not null,
  ended_at timestamptz not null,
  duration_ms integer not null,
  http_status integer,
  error text,
  answer text,
  primary key (delivery, attempt)
);
select protect_tenants('attempt');

-- The webhook-id is a hash of endpoint and subject: one unique index serves both to add an event once and to find it by its id.
create unique index delivery_webhook on delivery (webhook_id);
alter table delivery drop constraint delivery_endpoint_subject_key;
-- Lists and replays go by endpoint and time; age alone is read in order of seq, which grows with it.
create index delivery_endpoint on delivery (endpoint, created_at, seq);
create index delivery_given_up on delivery (endpoint, created_at, seq) where state = 'given_up';
drop index delivery_age;
