-- What is told of rules of several steps. Rows from before have null in the new columns: they had one, at once.

alter table event_outcome
  add column step integer,
  add column due_at timestamptz,
  add column cancelled_by_event text,
  add column cancelled_by_source text;
create index domain_event_by_time on domain_event (tenant, occurred_at desc, event_id desc, source desc);
