-- Who changed what, the newest first; of one thing, or by one key, the rest is filtered: changes are few.
create index audit_entry_by_time on audit_entry (tenant, occurred_at desc, event_id desc);
