-- What every service with a database has in the same way: cursors, configuration outbox, leases, tenant protection.
-- migrate() applies this to each schema before the service's own files.

-- Next offset to apply, per consumer (group id) and partition; written in the transaction of the effect.
create table stream_cursor (
  consumer text not null,
  cluster text not null,
  topic text not null,
  partition integer not null,
  next_offset bigint,
  primary key (consumer, cluster, topic, partition)
);

-- Records to publish, written in the transaction of the change they tell of; deleted when Kafka has them.
create table config_outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  partition integer not null,
  key text not null,
  value bytea,
  headers jsonb not null
);

-- Who may do a thing that one process at a time may do. The epoch grows with every change of hands.
create table lease (
  name text primary key,
  owner text not null,
  epoch bigint not null,
  expires_at timestamptz not null
);

-- select protect_tenants('rule') makes rows of other tenants than those of withTenants() invisible and unwritable, for
-- the table's owner too. The settings stand in sub-selects so that they are read once per query and not once per row.
create function protect_tenants(target regclass, tenant_column name default 'tenant') returns void
language plpgsql as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenants on %s using ('
    '(select current_setting(''app.tenants'', true)) = ''*'' or '
    '%I = any ((select string_to_array(current_setting(''app.tenants'', true), '',''))::text[]))',
    target, tenant_column);
end
$$;
