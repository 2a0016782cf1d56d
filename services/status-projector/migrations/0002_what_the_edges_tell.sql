-- What the edges tell since: files, groups, preferences and all names of who wrote; facts about numbers, accounts and
-- templates; consent. Rows from before have null in the new columns: nobody told.

alter table session_event
  add column account text,
  add column value text,
  add column template_name text,
  add column template_language text,
  add column template_provider_id text,
  add column template_event text,
  add column template_status text,
  add column template_quality text,
  add column template_category text,
  add column template_reason text;
create index session_event_by_session on session_event (tenant, session, occurred_at desc, event_id desc);
-- Of accounts, which have no session of their own.
create index session_event_by_account on session_event (tenant, account, occurred_at desc, event_id desc)
  where session = '';

alter table inbound
  add column provider text,
  add column group_id text,
  add column media_provider_id text,
  add column media_url text,
  add column media_mime_type text,
  add column media_sha256 text,
  add column media_bytes bigint,
  add column media_file_name text,
  add column media_voice boolean,
  add column preference_scope text,
  add column preference_opted_out boolean,
  add column answers_provider_id text,
  alter column answers_message_id type text collate "C";
create index inbound_by_time on inbound (tenant, occurred_at desc, event_id desc);
create index inbound_by_session on inbound (tenant, session, occurred_at desc, event_id desc);

-- A person is found by any name that the provider gave for them.
create table inbound_identity (
  tenant text collate "C" not null,
  event_id text collate "C" not null,
  value text collate "C" not null,
  kind text collate "C" not null,
  place integer not null,
  primary key (tenant, event_id, value)
);
create index inbound_identity_by_value on inbound_identity (tenant, value);
insert into inbound_identity (tenant, event_id, value, kind, place)
  select tenant, event_id, sender, sender_kind, 0 from inbound;

create table contact_consent (
  tenant text collate "C" not null,
  recipient_token text collate "C" not null,
  scope text collate "C" not null,
  version bigint not null,
  opted_out boolean not null,
  source text not null,
  proof text not null,
  occurred_at timestamptz not null,
  changed_at timestamptz not null,
  primary key (tenant, recipient_token, scope)
);

select protect_tenants('inbound_identity');
select protect_tenants('contact_consent');
