export * from "./connect.ts";
export * from "./cursor.ts";
export * from "./lease.ts";
export { measureStore, watchPostgres } from "./measures.ts";
export { type MigrateOptions, migrate, urlAs } from "./migrate.ts";
export * from "./outbox.ts";
export { type SchemaRoles, schemaRoles } from "./roles.ts";
export * from "./tenants.ts";
