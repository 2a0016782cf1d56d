/** The door's last question about messages that are right in themselves: whether there is room for them now. */
import type { OutboundMessage } from "@wamesh/events";
import { type Problem, problem } from "@wamesh/http";
import type { Lane } from "../decide.ts";
import type { OtpGuard, OtpRefusal } from "./otp-guard.ts";
import type { QueueQuota } from "./queue-quota.ts";

export type Limits = {
  quota: QueueQuota;
  otp: OtpGuard;
  /** Whether the tenant's plan allows the bulk lane. */
  mayUseBulk(tenant: string): boolean;
  /** Counts what was refused, and by what. */
  onRefused: (by: "queue" | OtpRefusal["by"] | "plan") => void;
};

const laneOf = ({ lane }: OutboundMessage): Lane => (lane === "UNKNOWN" ? "standard" : lane);

/**
 * Of each message why it may not enter, or null. Throws queue_full when there is no room for all of them: a batch enters whole
 * or not at all, as far as the queue goes, so that its repeat with the same key stays the same batch.
 */
export async function admit(
  { quota, otp, mayUseBulk, onRefused }: Limits,
  tenant: string,
  messages: readonly OutboundMessage[],
): Promise<(Problem | null)[]> {
  const isInPlan = ({ lane }: OutboundMessage) => lane !== "bulk" || mayUseBulk(tenant);
  const entering = messages.filter(isInPlan);
  for (const lane of ["otp", "standard", "bulk"] as const) {
    const many = entering.filter((message) => laneOf(message) === lane).length;
    if (many === 0 || many <= quota.room(tenant, lane)) continue;
    onRefused("queue");
    throw queueFull(quota, tenant, lane, many);
  }
  const found = await Promise.all(
    messages.map(async (message): Promise<Problem | null> => {
      if (!isInPlan(message)) {
        onRefused("plan");
        return noBulk();
      }
      const refusal = message.lane === "otp" ? await otp.refuses(message) : null;
      if (refusal === null) return null;
      onRefused(refusal.by);
      return otpLimit(refusal);
    }),
  );
  quota.enter(tenant, messages.filter((_, i) => found[i] === null).map(laneOf));
  return found;
}

function queueFull(quota: QueueQuota, tenant: string, lane: Lane, many: number): Problem {
  const room = quota.room(tenant, lane);
  const retryAfterS = quota.retryAfterS(tenant);
  return problem("queue_full", {
    detail: `There is room for ${room} more messages of lane ${lane}; this request has ${many}.`,
    retryAfterS,
  });
}

function otpLimit({ by, most, retryAfterMs }: OtpRefusal): Problem {
  const whom = by === "recipient" ? "to this recipient" : "to numbers that begin with the same seven digits";
  return problem("otp_limit", {
    detail: `${most} one-time passwords in ten minutes may go ${whom}.`,
    retryAfterS: retryAfterMs / 1000,
    errors: [
      {
        field: "to",
        problem: `has reached the limit per ${by}`,
        remedy: `Wait ${Math.ceil(retryAfterMs / 1000)} s. If nobody asked for these codes, look at who does.`,
      },
    ],
  });
}

function noBulk(): Problem {
  return problem("lane_refused", {
    detail: "This plan does not allow the bulk lane.",
    errors: [
      {
        field: "lane",
        problem: "is not in your plan",
        remedy: "Use standard, or ask the operator for a plan with bulk.",
      },
    ],
  });
}
