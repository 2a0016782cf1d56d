-- When a session's credentials last reached its provider, and when it last took them: null until they did.
alter table credential add column used_at timestamptz;
alter table credential add column accepted_at timestamptz;
