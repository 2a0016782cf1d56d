-- Whose rows a transaction reaches.
select protect_tenants('tenant', 'id');
select protect_tenants('api_key');
select protect_tenants('account');
select protect_tenants('session');
select protect_tenants('credential');

-- An agency reaches its children's tenant rows, to make and manage them; for all else it acts in the child's own name.
create policy children on tenant using (
  parent = any ((select string_to_array(current_setting('app.tenants', true), ','))::text[]));

-- Plans are the operator's; everyone may read what can be had.
alter table plan enable row level security;
alter table plan force row level security;
create policy readable on plan for select using (true);
create policy operators on plan using ((select current_setting('app.tenants', true)) = '*');
