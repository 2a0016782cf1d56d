import { z } from "@hono/zod-openapi";
import { createApi, route } from "@wamesh/http";
import { expect, test } from "vitest";
import { callOf } from "./call.ts";
import { exampleOf } from "./example.ts";
import { operationsOf } from "./operations.ts";

const text = z.string().min(1).max(80);

/** Shapes such as routes have. */
const bodies: Record<string, z.ZodType> = {
  "required fields only": z.strictObject({ name: text, note: text.optional() }),
  "a pattern": z.strictObject({ id: z.string().regex(/^ses_[a-z0-9]{16}$/) }),
  "a pattern and a length": z.strictObject({
    token: z
      .string()
      .min(8)
      .max(64)
      .regex(/^[\x21-\x7e]+$/),
  }),
  "one of several": z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("a"), count: z.int().min(3) }),
    z.strictObject({ kind: z.literal("b") }),
  ]),
  "lists, times and addresses": z.strictObject({
    at: z.iso.datetime({ offset: true }),
    url: z.url(),
    events: z.array(z.enum(["x", "y"])).min(2),
  }),
  "null or text": z.strictObject({
    quiet: z
      .string()
      .regex(/^\d\d:\d\d$/)
      .nullable(),
  }),
  "optional fields only": z.strictObject({ rate: z.number().min(0.5).optional() }),
  "one that must be there and is not required": z.strictObject({
    items: z
      .array(z.strictObject({ to: text, text: text.optional() }).refine((item) => item.text !== undefined))
      .min(1),
  }),
  "what only an example can tell": z
    .strictObject({ a: text.optional(), b: text.optional() })
    .refine(({ b }) => b !== undefined)
    .openapi({ example: { b: "said" } }),
};

const api = createApi({
  service: "test",
  version: "1",
  log: { info() {}, warn() {}, error() {}, debug() {} } as never,
  auth: {} as never,
});
api.add(
  ...Object.entries(bodies).map(([, body], n) =>
    route({
      method: "put",
      path: `/v1/things/{id}/parts/${n}`,
      scope: "rules:write",
      summary: "",
      params: z.object({ id: z.string() }),
      query: z.strictObject({ source: text, more: text.optional() }),
      headers: z.object({ "idempotency-key": text }),
      body,
      success: { status: 204, description: "" },
      handle: async () => ({}),
    }),
  ),
);
const operations = operationsOf("test", await (await api.app.request("/openapi.json")).json());

const alone = Object.entries(bodies)
  .map(([what, body], n) => [what, body, n] as const)
  .filter(([what]) => what !== "one that must be there and is not required");

test.each(alone)("%s: the example is taken by the schema it was made from", (_what, body, n) => {
  const call = callOf(operations[n]!);
  expect(body.safeParse(call.body).error?.issues).toBeUndefined();
});

test("a call has its path filled, and what is required in query and headers", () => {
  const { schemas } = operations[0]!;
  const idAt = (before: string) => (before === "/v1/things" ? "a/b" : undefined);
  expect(callOf(operations[0]!, { idAt, hints: { name: "Mara", source: "crm" } })).toEqual({
    method: "PUT",
    path: "/v1/things/a%2Fb/parts/0?source=crm",
    headers: { "idempotency-key": "x", "content-type": "application/json" },
    body: { name: "Mara" },
  });
  expect(operations[0]).toMatchObject({ scope: "rules:write", method: "PUT" });
  // A hint goes where text is taken and fits, over an example too; nowhere else.
  const field = { type: "object", properties: { session: { type: "string" }, at: { type: "integer" } } };
  expect(exampleOf({ ...field, example: { at: 3 } }, schemas, { hints: { session: "s", at: "t" } })).toEqual({
    at: 3,
    session: "s",
  });
});

test("a field that only the route requires is there once it is asked for", () => {
  const n = Object.keys(bodies).indexOf("one that must be there and is not required");
  const also = new Set(["items.0.text"]);
  expect(
    bodies["one that must be there and is not required"]!.safeParse(callOf(operations[n]!).body).success,
  ).toBe(false);
  expect(callOf(operations[n]!, { also }).body).toEqual({ items: [{ to: "x", text: "x" }] });
});

test("a hint is left out where the route does not take it beside another", () => {
  const schema = {
    type: "object",
    properties: { account: { type: "string" }, session_id: { type: "string" } },
  } as const;
  const hints = { account: "acc_1", session_id: "ses_1" };
  expect(exampleOf(schema, {}, { hints })).toEqual(hints);
  expect(exampleOf(schema, {}, { hints, without: new Set(["account"]) })).toEqual({ session_id: "ses_1" });
});
