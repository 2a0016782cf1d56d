-- A message moves from accepted to read in five or six updates. With its status in four indexes each of them made a new entry in
-- all nine; with its phase (views/message.ts: waiting, left, or the name of a rarer state) only the one that it leaves with does,
-- and the others stay within their page. Questions by status read the entries of its phase.
alter table message add column phase text collate "C";
update message set phase = case
  when status in ('accepted', 'queued', 'claimed') then 'waiting'
  when status in ('sent', 'delivered', 'read') then 'left'
  else status end
where status is not null;

drop index message_by_lane, message_by_session, message_by_campaign, message_by_rule;
create index message_by_lane on message (tenant, lane, phase, first_at desc, message_id desc);
create index message_by_session on message (tenant, session, phase, first_at desc, message_id desc);
create index message_by_campaign on message (tenant, campaign, phase, first_at desc, message_id desc)
  where campaign is not null;
create index message_by_rule on message (tenant, rule, phase, first_at desc, message_id desc)
  where rule is not null;
