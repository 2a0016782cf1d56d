-- The part of its rate to which a member has been slowed down by its provider, for the next owner to go on with.
alter table pace add column factor double precision not null default 1;
