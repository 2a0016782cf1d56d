-- Admission and claims look an id up in every slot of `done`: four of them, each of four days, instead of ten of one day. In the
-- middle of any four days the slot of the next four holds what ended eight to twelve days before their beginning.

create function done_slot(at bigint) returns int language sql immutable
  as $$ select (at / 345600000 % 4)::int $$;

alter table done rename to done_by_day;
alter table done_by_day rename constraint done_pkey to done_by_day_pkey;
create table done (
  slot int not null,                          -- done_slot(finished_at)
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
  for slot in 0..3 loop
    execute format('create table done_slot_%s partition of done for values in (%s)', slot, slot);
  end loop;
end $$;
insert into done (slot, id, shard, outcome, provider_id, n, fingerprint, finished_at, item, payload)
  select done_slot(finished_at), id, shard, outcome, provider_id, n, fingerprint, finished_at, item, payload from done_by_day;
drop table done_by_day;

create or replace function clear_done(slot int) returns void language plpgsql
  security definer set search_path from current set lock_timeout = '500ms'
  as $$ begin execute format('truncate table done_slot_%s', slot); end $$;
