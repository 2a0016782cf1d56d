-- How many messages of a tenant left in a day (UTC), as far as wa.message.status was read: what is left of its plan's day.
create table sent_by_day (
  tenant text not null,
  day date not null,
  sent bigint not null,
  primary key (tenant, day)
);
select protect_tenants('sent_by_day');

-- One-time passwords have room of their own, so steps that wait for room are taken apart from the others.
alter table rule_step add column is_otp boolean not null default false;
drop index rule_step_due;
create index rule_step_due on rule_step (tenant, is_otp, due_at) where state = 'waiting';
