/** What a run is made of, from its flags: how many numbers acme has, which webhooks it takes, how closely the run is watched. */
import type { Flags } from "./flags.ts";
import { acmeNumbers, type TenantName } from "./world.ts";

/** Told to a tenant's endpoint once per message, and counted by the read model. */
export const messageEvents = ["sent", "delivered", "read", "failed"] as const;
export type MessageEvent = (typeof messageEvents)[number];

export type Scene = {
  numbers: { phoneNumberId: string; phone: string }[];
  /** Subscribed beside `message.inbound`, per tenant. */
  webhooks: Record<TenantName, readonly MessageEvent[]>;
  /** Recipients of the broadcast or the campaign. */
  audience: number;
  /** Time between two looks at the whole, in ms: looking costs the machine something too. */
  lookEveryMs: number;
};

export function sceneOf(flags: Pick<Flags, "broadcast" | "campaign">): Scene {
  return flags.campaign === null
    ? {
        numbers: acmeNumbers(2),
        webhooks: { acme: messageEvents, globex: messageEvents },
        audience: flags.broadcast,
        lookEveryMs: 400,
      }
    : {
        numbers: acmeNumbers(10),
        // What most tenants want of a campaign; all four would be 200,000 requests for 50,000 messages.
        webhooks: { acme: ["delivered", "failed"], globex: messageEvents },
        audience: flags.campaign,
        lookEveryMs: 2_000,
      };
}
