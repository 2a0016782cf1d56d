-- Search: each question has an index in the order of the answer. Those over many messages have the status before the time,
-- so that also "the failed ones of this campaign" are read without the others; a list of all is merged from its statuses.
-- Every update of a message touches them all: measured in bench/ (projection).

create index message_by_lane on message (tenant, lane, status, first_at desc, message_id desc);
create index message_by_session on message (tenant, session, status, first_at desc, message_id desc);
create index message_by_campaign on message (tenant, campaign, status, first_at desc, message_id desc)
  where campaign is not null;
create index message_by_rule on message (tenant, rule, status, first_at desc, message_id desc)
  where rule is not null;
create index message_by_error on message (tenant, reason_code, first_at desc, message_id desc)
  where reason_code is not null;
create index message_by_recipient on message (tenant, recipient, first_at desc, message_id desc)
  where recipient is not null;
-- The lanes are few: what was read from here is merged from message_by_lane.
drop index message_by_status;

create index dead_letter_by_time on dead_letter (tenant, occurred_at desc, dead_id desc);
create index dead_letter_by_reason on dead_letter (tenant, reason_code, fault_class, occurred_at desc, dead_id desc);
create index dead_letter_by_message on dead_letter (tenant, message_id) where message_id is not null;

create index webhook_delivery_by_time on webhook_delivery (tenant, occurred_at desc, event_id desc);
create index webhook_delivery_by_endpoint on webhook_delivery (tenant, endpoint, occurred_at desc, event_id desc);
create index webhook_delivery_by_outcome on webhook_delivery (tenant, outcome, occurred_at desc, event_id desc);
create index webhook_delivery_by_message on webhook_delivery (tenant, message_id) where message_id is not null;

-- What a session was, and for how long.
create index session_event_by_status on session_event (tenant, session, occurred_at desc, event_id desc)
  where kind = 'status';
