-- What was removed for its age: sums stay as they were, so whoever compares them with the rows has to know what is missing.

-- Messages removed, by where they stood: a tenant's counter is what its rows and these add up to.
create table forgotten (
  tenant text collate "C" not null,
  name text collate "C" not null,
  value bigint not null,
  primary key (tenant, name)
);

-- Nothing of a tenant that is older is complete any more.
create table forgotten_before (
  tenant text collate "C" not null primary key,
  at timestamptz not null
);

select protect_tenants('forgotten');
select protect_tenants('forgotten_before');

create index event_outcome_by_time on event_outcome (tenant, recorded_at);

-- Removed a few hundred at a time, dead rows come steadily; a fifth of a table of many million would be a long time to wait.
alter table message_event set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
alter table inbound set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
alter table inbound_identity set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
alter table domain_event set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
alter table event_outcome set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
alter table webhook_delivery set (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 5000);
