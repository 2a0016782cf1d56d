-- Messages whose provider's callbacks name no id of ours (WasenderApi): what has to be looked up, and when. Written before the
-- status that tells of the message is published, so it is here whoever owns the shard next; kept for two hours, since of equal
-- messages the keys may have to be told apart. People and texts are tokens. Times are epoch milliseconds by this server's clock.
create table own_message (
  message_id text collate "C" primary key,
  shard int not null,
  session text collate "C" not null,
  claim int not null,
  state text not null check (state in ('in_doubt', 'sent', 'failed')),
  provider_id text,                           -- what the send was answered with; null in doubt
  provider_key text,                          -- WhatsApp's, once known
  recipient_token text not null,
  content_token text,
  claimed_at bigint not null,
  status text not null,                       -- the status that told of it, as JSON: what the next ones are made of
  asked int not null default 0,               -- look-ups that said nothing yet
  next_at bigint,                             -- the next look-up; null: none
  failure_at bigint,                          -- when its session told of a failed send that it did not name, while this one was open
  changed_at bigint not null
);
create index own_message_due on own_message (next_at) where next_at is not null;
create index own_message_alike on own_message (session, recipient_token, content_token);
create index own_message_key on own_message (session, provider_key) where provider_key is not null;
create index own_message_open on own_message (session) where provider_key is null;
create index own_message_age on own_message (changed_at);
