-- A session may be reserved for one-time passwords.
alter table session add column otp_only boolean not null default false;
