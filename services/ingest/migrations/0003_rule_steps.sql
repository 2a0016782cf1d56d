-- Rules that wait: steps due later, what calls them off, and rules that are paused.

alter table rule drop constraint rule_state_check;
alter table rule add constraint rule_state_check check (state in ('active', 'paused', 'deleted'));
drop index rule_by_id;
create index rule_by_id on rule (tenant, id) where state <> 'deleted';

-- Which versions of rules an event of this type calls off.
create table rule_cancel (
  tenant text not null,
  event_type text not null,
  rule text not null references rule (id),
  version integer not null,
  primary key (tenant, event_type, rule, version)
);

-- A step of a rule that waits, and for a month that it did: so long the same event again is the same.
create table rule_step (
  tenant text not null,
  -- Hash of (tenant, source, event id, rule): source and id are too long for an index.
  run text not null,
  step integer not null,
  source text not null,
  event_id text not null,
  rule text not null references rule (id),
  version integer not null,
  event_type text not null,
  -- held: its rule is paused.
  state text not null check (state in ('waiting', 'held', 'done', 'cancelled')),
  occurred_at timestamptz not null,
  due_at timestamptz not null,
  -- When it began to wait: what is told of it later is said to be later.
  since timestamptz not null,
  -- Keyed hash of what the rule's waiting steps belong together by, and the message to be: gone when it no longer waits.
  key_token text,
  request text,
  fingerprint text,
  changed_at timestamptz not null,
  primary key (tenant, run, step),
  check ((state in ('waiting', 'held')) = (request is not null and key_token is not null))
);
create index rule_step_due on rule_step (tenant, due_at) where state = 'waiting';
create index rule_step_by_key on rule_step (tenant, rule, key_token) where state in ('waiting', 'held');
create index rule_step_by_age on rule_step (changed_at) where state in ('done', 'cancelled');

select protect_tenants('rule_cancel');
select protect_tenants('rule_step');
