/**
 * Against one-time passwords that are sent for money ("pumping": somebody has a sign-in page send codes to numbers whose
 * carrier pays them): so many per recipient, and per numbers that begin alike, since pumped numbers come in blocks.
 */
import type { OutboundMessage } from "@wamesh/events";
import { budgetOf } from "./budget.ts";
import type { NamedBudget, SharedBudgets } from "./shared-budgets.ts";

/** Per ten minutes, of tenants whose plan says nothing. */
export const otpDefaults = { perRecipient: 5, perPrefix: 200 };

export type OtpLimits = { perRecipient: number; perPrefix: number };

const tenMinutesMs = 600_000;
const hourMs = 3_600_000;
/** Country and operator, and of most numbering plans a block of 10,000 to a million numbers. */
const prefixDigits = 7;

export type OtpRefusal = { by: "recipient" | "prefix"; most: number; retryAfterMs: number };

type Asked = Pick<OutboundMessage, "tenant" | "message_id" | "recipient" | "recipient_token">;

export type OtpGuard = {
  /** Null: it may be sent. The same message asked for again is counted once. */
  refuses(message: Asked): Promise<OtpRefusal | null>;
};

export function createOtpGuard(deps: {
  budgets: SharedBudgets;
  limitsOf(tenant: string): OtpLimits;
  /** Redis is away: the message is let through unchecked. */
  onUnchecked: (error: unknown) => void;
}): OtpGuard {
  return {
    async refuses(message) {
      const limits = deps.limitsOf(message.tenant);
      const taken = await deps.budgets.take(message.tenant, otpBudgets(message, limits), {
        mark: `otp:seen:${message.message_id}`,
        onceMs: tenMinutesMs,
      });
      switch (taken.kind) {
        case "taken":
          return null;
        case "unknown":
          deps.onUnchecked(taken.error);
          return null;
        case "refused": {
          const by = taken.by.startsWith("otp:prefix:") ? "prefix" : "recipient";
          const most = by === "prefix" ? limits.perPrefix : limits.perRecipient;
          return { by, most, retryAfterMs: taken.retryAfterMs };
        }
      }
    },
  };
}

/** In an hour a recipient gets twice what ten minutes allow. */
export function otpBudgets({ recipient, recipient_token }: Asked, limits: OtpLimits): NamedBudget[] {
  const budgets = [
    { name: `otp:recipient:${recipient_token}`, ...budgetOf(limits.perRecipient, tenMinutesMs) },
    { name: `otp:recipient-hour:${recipient_token}`, ...budgetOf(2 * limits.perRecipient, hourMs) },
  ];
  // Only numbers have blocks; ids of users and groups are drawn at random.
  if (recipient.kind !== "phone") return budgets;
  const prefix = recipient.value.replace(/\D/g, "").slice(0, prefixDigits);
  return [...budgets, { name: `otp:prefix:${prefix}`, ...budgetOf(limits.perPrefix, tenMinutesMs) }];
}
