/** What somebody outside can see of a run, and what was done to it. The checker judges this and nothing else. */
import type { Change, Command, NewItem } from "../src/item.ts";

export type Accepted = { item: NewItem; shard: number; at: number };
/** `by` is the life of a process: another one after each restart. */
export type Write = { id: string; n: number; member: string; at: number; dbAt: number; by: string };
/** Numbers begin again where the database was set back: `era` counts that. */
export type Publication = { era: number; shard: number; seq: number; at: number; event: string };
export type PublishedEvent = { id: string; n: number; change: Change };

export type History = {
  accepted: Accepted[];
  writes: Write[];
  /** The provider took it. */
  taken: { id: string; n: number; at: number }[];
  published: Publication[];
  decisions: (Command & { askedAt: number; notedAt: number })[];
  /** Statements and processes were slower than usual, or a shard changed hands: no promise of speed holds then. */
  troubles: { from: number; to: number }[];
  /** Steps of the database's clock, ms. */
  jumps: number[];
  /** Leases taken from their owners before their end. */
  thefts: number;
  era: number;
  endedAt: number;
  trace: string[];
};

export function newHistory(): History {
  return {
    accepted: [],
    writes: [],
    taken: [],
    published: [],
    decisions: [],
    troubles: [],
    jumps: [],
    thefts: 0,
    era: 0,
    endedAt: 0,
    trace: [],
  };
}
