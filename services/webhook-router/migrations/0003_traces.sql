-- The trace (W3C traceparent) that a message's receipts and its webhooks continue; null where nobody keeps it.
alter table reference add column trace text;
alter table delivery add column trace text;
