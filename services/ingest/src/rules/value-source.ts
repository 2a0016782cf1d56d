/** Where a rule takes a value from: a path into the event, an expression over it, or the rule itself. */
import { z } from "@hono/zod-openapi";
import { variableText } from "../content-request.ts";
import { eventPath } from "../events/event-path.ts";
import { limits } from "./expression-env.ts";

/** Judged when the rule is saved, see judge-rule.ts. */
const expression = z.string().min(1).max(limits.length);

export const condition = expression.describe(
  "An expression (CEL) over data, event_type, source, subject, id and time that is true or false.",
);

const byPath = z.strictObject({ path: eventPath });
const byExpression = z.strictObject({
  expr: expression.describe("An expression (CEL) that gives a text."),
});

/** A value out of the event. */
export const eventValue = z.union([byPath, byExpression]);
export type EventValue = z.output<typeof eventValue>;

/** A value out of the event, or a fixed one. */
export const valueSource = z.union([byPath, z.strictObject({ value: variableText }), byExpression]);
export type ValueSource = z.output<typeof valueSource>;
