-- What wa.usage was told last, by the leased job; written in the transaction that enqueues the record. No view: it follows
-- from what was published and not from the topics that are folded.
create table usage_told (
  tenant text collate "C" not null,
  kind text collate "C" not null,
  day date not null,
  session text collate "C" not null,
  category text collate "C" not null,
  provider text collate "C" not null,
  messages bigint not null,
  delivered bigint not null,
  billable bigint not null,
  counted_at timestamptz not null,
  primary key (tenant, kind, day, session, category, provider)
);

select protect_tenants('usage_told');
