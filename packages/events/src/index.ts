export * from "./catalogue.ts";
export * from "./codec.ts";
export * from "./content.ts";
export type * from "./generated/records.ts";
export * from "./headers.ts";
export * from "./ids.ts";
export * from "./placement.ts";
export * from "./rank.ts";
export * from "./reasons.ts";
