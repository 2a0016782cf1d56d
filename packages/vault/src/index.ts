export * from "./envelope.ts";
export * from "./key-verifier.ts";
export * from "./sealed-session.ts";
export * from "./sealed-token.ts";
export * from "./secret-hash.ts";
