export * from "./connect.ts";
export * from "./cursor.ts";
export * from "./lease.ts";
export { measureStore, watchPostgres } from "./measures.ts";
export { dueMigrations, type MigrateOptions, migrate, urlAs } from "./migrate.ts";
export { type Logs, misplacedCursor } from "./misplaced-cursor.ts";
export * from "./outbox.ts";
export { type SchemaRoles, schemaRoles } from "./roles.ts";
export * from "./tenants.ts";
