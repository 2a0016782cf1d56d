-- How the console looks for who belongs to the tenant: {name, logo_url, colour}; null: its agency's, else the mesh's own.
alter table tenant add column brand jsonb;
