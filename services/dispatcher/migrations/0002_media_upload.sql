-- What is known of files that are uploaded before they are sent (Cloud API): one row per session, kind and address, whatever the
-- number of messages. The address itself may hold a secret, so only its hash is here; the messages bring it along. Any process may
-- take a row over whose time has run out. Times are epoch milliseconds by this server's clock.
create table media_upload (
  session text collate "C" not null,
  kind text collate "C" not null,
  url_hash text collate "C" not null,
  state text not null check (state in ('uploading', 'uploaded', 'unusable', 'failed')),
  holds_until bigint not null,                -- until then nobody fetches it
  provider_id text,                           -- uploaded: what it is sent by
  why text,                                   -- unusable, failed: for the tenant
  failures int not null default 0,            -- in a row
  primary key (session, kind, url_hash)
);
create index media_upload_age on media_upload (holds_until);
