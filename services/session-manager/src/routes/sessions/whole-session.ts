/** One session with what takes more than its row: how available it was, and what is under way at its provider. */
import { z } from "@hono/zod-openapi";
import { type Availability, availability, type Spell } from "../../availability.ts";
import type { CredentialFacts } from "../../credential-facts.ts";
import type { ErrandRow } from "../../errands/errand-rows.ts";
import type { SessionRow } from "../../rows.ts";
import { credentialAnswer, credentialJson } from "./credential-shape.ts";
import { sessionAnswer, sessionJson } from "./shape.ts";

const share = z.object({
  wanted_s: z.int().describe("Seconds in which it should have been connected."),
  connected_s: z.int(),
  share: z.number().nullable().describe("connected of wanted; null where it was not wanted at all."),
});

/** One session, with what takes more than its row. */
export const wholeSession = sessionAnswer
  .extend({
    availability: z.object({ "24h": share, "7d": share, "30d": share }),
    errand: z
      .object({
        kind: z.enum(["create", "connect", "remove", "onboard"]),
        step: z.string(),
        tries: z.int(),
        next_at: z.iso.datetime().nullable().describe("null: it waits until somebody changes something."),
        detail: z.string().describe("The provider's words to the last try."),
      })
      .nullable()
      .describe("What is under way at the provider, if anything."),
    credentials: credentialAnswer.nullable().describe("Their age and last use. null: they were revoked."),
  })
  .openapi("WholeSession");

export function wholeSessionJson(
  row: SessionRow,
  callbackUrl: string | null,
  facts: {
    spells: readonly Spell[];
    errand: ErrandRow | undefined;
    credentials: CredentialFacts | undefined;
    nowMs: number;
  },
): z.infer<typeof wholeSession> {
  const { errand, spells, credentials, nowMs } = facts;
  const over = (hours: number) => shareJson(availability(spells, nowMs - hours * 3_600_000, nowMs));
  return {
    ...sessionJson(row, callbackUrl),
    availability: { "24h": over(24), "7d": over(7 * 24), "30d": over(30 * 24) },
    errand:
      errand === undefined
        ? null
        : {
            kind: errand.kind,
            step: errand.step,
            tries: errand.tries,
            next_at: errand.due_at?.toISOString() ?? null,
            detail: errand.detail,
          },
    credentials: credentials === undefined ? null : credentialJson(credentials),
  };
}

function shareJson({ wantedMs, connectedMs, share: of }: Availability): z.infer<typeof share> {
  return {
    wanted_s: Math.round(wantedMs / 1_000),
    connected_s: Math.round(connectedMs / 1_000),
    share: of === null ? null : Math.round(of * 10_000) / 10_000,
  };
}
