-- What changed of late, for the live stream: the transactions of the last ten minutes, each with what it touched of which
-- tenant. No part of the read model, and not rebuilt. A column with the time of change in the large tables would have cost
-- an index entry per change, and a clock does not tell in which order transactions become visible; xact does.
create table change (
  xact xid8 not null default pg_current_xact_id(),
  tenant text collate "C" not null,
  kind text collate "C" not null,
  ids text[] not null,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant, xact, kind)
);
select protect_tenants('change');
