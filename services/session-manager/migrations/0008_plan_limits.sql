-- What a plan says of intake; null: the mesh's default, which ingest knows.
alter table plan add column requests_per_s integer check (requests_per_s > 0);
alter table plan add column otp_per_recipient integer check (otp_per_recipient > 0);
alter table plan add column otp_per_prefix integer check (otp_per_prefix > 0);
