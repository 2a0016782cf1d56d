export { type Consents, isUnwanted, type OptedOut, openConsents } from "./consents.ts";
export { type Directory, type Lookups, openDirectory } from "./directory.ts";
export type { Change, Key, Template, Tenant } from "./fold.ts";
