-- A person's decision holds for a message of its own tenant only, and a decision over a doubt for that one claim only. The
-- tenant is in the key: nobody can stand in the way of another one's decision by guessing the id. So is the shard: ingest does
-- not know where the message of a spread tenant lies, and asks everywhere. Nothing wrote this table before.
delete from command;
alter table command
  drop constraint command_pkey,
  add column tenant text collate "C" not null,
  add column n int,                           -- of a resend or accept_unknown: the claim in doubt; null once it has acted
  add primary key (id, tenant, kind, shard);

-- The poll reads what is new, not the hundred thousand that have had their effect.
create index command_new on command (shard, created_at);
