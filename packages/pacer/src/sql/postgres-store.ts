/** The store of the engine on Postgres: one file per verb beside this one. The pool's search_path names the schema. */
import type { Sql } from "postgres";
import type { Store } from "../store.ts";
import { acquire } from "./acquire.ts";
import { admit } from "./admit.ts";
import { claim } from "./claim.ts";
import { command } from "./command.ts";
import { cursors } from "./cursors.ts";
import { outcome } from "./outcome.ts";
import { poll } from "./poll.ts";
import { readOutbox } from "./read-outbox.ts";
import { refill } from "./refill.ts";
import { release } from "./release.ts";
import { renew } from "./renew.ts";
import { retain } from "./retain.ts";
import { settle } from "./settle.ts";
import { watermark } from "./watermark.ts";

/** `owner` must be another one in each start of a process: it is half of the fence. */
export function postgresStore(schedule: { sql: Sql; owner: string }): Store {
  return {
    acquire: (request) => acquire(schedule, request),
    renew: (request) => renew(schedule, request),
    release: (request) => release(schedule, request),
    admit: (request) => admit(schedule, request),
    refill: (request) => refill(schedule, request),
    claim: (request) => claim(schedule, request),
    outcome: (request) => outcome(schedule, request),
    poll: (request) => poll(schedule, request),
    readOutbox: (request) => readOutbox(schedule, request),
    watermark: (request) => watermark(schedule, request),
    settle: (echoes) => settle(schedule, echoes),
    command: (request) => command(schedule, request),
    cursors: (shard) => cursors(schedule, shard),
    retain: () => retain(schedule),
  };
}
