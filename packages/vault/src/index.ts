export * from "./envelope.ts";
export * from "./secret-hash.ts";
