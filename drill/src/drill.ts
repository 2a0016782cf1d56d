/** What all rounds of a campaign share. */
import type { Mesh } from "@wamesh/local";
import type { Receiver, Violation } from "@wamesh/testing/outside";
import type postgres from "postgres";
import type { Accepted } from "./ledgers.ts";
import type { openTopics } from "./read/topics.ts";
import type { Tenant } from "./world.ts";

export type Drill = {
  mesh: Mesh;
  seed: number;
  tenants: readonly Tenant[];
  receiver: Receiver;
  sql: postgres.Sql;
  topics: Awaited<ReturnType<typeof openTopics>>;
  shards: readonly number[];
  /** Grow from round to round: what one round did must still hold after the next. */
  accepted: Accepted[];
  poison: { topic: string; marker: string }[];
  trespasses: string[];
  violations(): Promise<Violation[]>;
  say(words: string): void;
};
