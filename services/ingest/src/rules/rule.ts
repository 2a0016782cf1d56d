/** What a rule says: which event type makes which messages, when, and what calls them off. Checked when it is saved. */
import { z } from "@hono/zod-openapi";
import { type RuleMessage, ruleMessage } from "./rule-message.ts";
import { condition, eventValue } from "./value-source.ts";

/** A step waits this long at most. */
export const maxAfterS = 90 * 24 * 3600;

const eventType = z.string().min(1).max(256);

const ruleStep = z.strictObject({
  after_s: z
    .int()
    .min(0)
    .max(maxAfterS)
    .default(0)
    .describe("Seconds after the event came in; 0 is at once, 7776000 (90 days) the most."),
  condition: condition.optional().describe("Judged when the event comes, not when the step is due."),
  message: ruleMessage,
});

const cancelOn = z.strictObject({
  event_type: eventType,
  match: eventValue
    .optional()
    .describe(
      "What in this event has to equal the waiting steps' key. Default: what makes the key in the rule's own event.",
    ),
  condition: condition.optional(),
});
export type CancelOn = z.output<typeof cancelOn>;

export const retriggerName = z
  .enum(["restart", "ignore", "allow"])
  .describe(
    "An event while steps of an earlier one with the same key wait: restart cancels those, ignore makes nothing of it, allow has both run.",
  );

export const ruleShape = {
  name: z.string().min(1).max(128),
  event_type: eventType,
  condition: condition.optional(),
  message: ruleMessage.optional().describe("Of a rule with one step, at once."),
  steps: z.array(ruleStep).min(1).max(10).optional(),
  key: eventValue
    .optional()
    .describe(
      "Whose waiting steps belong together, for cancel_on and retrigger. Default: the first step's recipient.",
    ),
  retrigger: retriggerName.optional().describe("Default restart."),
  cancel_on: z.array(cancelOn).min(1).max(10).optional(),
};

export const ruleDefinition = z
  .strictObject(ruleShape)
  .superRefine((rule, context) => {
    const refuse = (field: string, message: string, remedy?: string) =>
      context.addIssue({
        code: "custom",
        path: [field],
        message,
        input: undefined,
        ...(remedy !== undefined && { params: { remedy } }),
      });
    if (rule.message === undefined && rule.steps === undefined)
      refuse("message", "message or steps is required");
    if (rule.message !== undefined && rule.steps !== undefined)
      refuse("steps", "send message or steps, not both");
    if (!rule.steps?.some((step) => step.after_s > 0))
      for (const field of ["key", "retrigger", "cancel_on"] as const)
        if (rule[field] !== undefined)
          refuse(field, "no step waits", "Give a step after_s, or leave this out.");
  })
  .openapi("RuleDefinition", {
    example: {
      name: "welcome",
      event_type: "user_onboarded",
      message: {
        to: { path: "data.phone" },
        template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }] },
      },
    },
  });
export type RuleDefinition = z.output<typeof ruleDefinition>;

export type Rule = RuleDefinition & {
  id: string;
  tenant: string;
  /** From 1; grows with every change. */
  version: number;
};

export type Step = { afterS: number; condition: string | undefined; message: RuleMessage };

/** The steps of a rule; a message alone is one step, at once. */
export function stepsOf({ message, steps }: Pick<RuleDefinition, "message" | "steps">): Step[] {
  if (message !== undefined) return [{ afterS: 0, condition: undefined, message }];
  return (steps ?? []).map(({ after_s, condition, message }) => ({ afterS: after_s, condition, message }));
}

/** Where the message of a step stands in the definition, as field names have it. */
export function fieldOfStep({ message }: Pick<RuleDefinition, "message">, step: number): string {
  return message === undefined ? `steps.${step}.message.` : "message.";
}

export function waits(rule: Pick<RuleDefinition, "message" | "steps">): boolean {
  return stepsOf(rule).some(({ afterS }) => afterS > 0);
}
