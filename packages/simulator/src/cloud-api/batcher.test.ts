import fc from "fast-check";
import { expect, test } from "vitest";
import type { CloudNumber } from "../world.ts";
import { envelope, escapeAsMeta, type Update } from "./batcher.ts";

test("bodies are plain ASCII with escaped slashes, and mean what they did", () => {
  expect(escapeAsMeta('{"a":"ä/😀"}')).toBe('{"a":"\\u00e4\\/\\ud83d\\ude00"}');
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      const escaped = escapeAsMeta(JSON.stringify(value));
      expect(JSON.parse(escaped)).toEqual(JSON.parse(JSON.stringify(value)));
      expect(escaped).not.toMatch(/[\u0080-\uffff]|(?<!\\)\//);
    }),
  );
});

test("one POST mixes accounts, numbers and kinds, and keeps each number's order", () => {
  const number = (id: string, wabaId: string) =>
    ({ phoneNumberId: id, digits: `1555${id}`, waba: { wabaId } }) as CloudNumber;
  const status = (n: CloudNumber, id: string): Update => ({
    waba: n.waba,
    content: { kind: "status", number: n, status: { id } },
    isLost: () => false,
    done: () => {},
  });
  const [a, b, c] = [number("1", "w1"), number("2", "w1"), number("3", "w2")];
  const inbound: Update = {
    ...status(a, ""),
    content: { kind: "message", number: a, message: { id: "in" }, contact: { wa_id: "9" } },
  };
  const call: Update = {
    ...status(a, ""),
    content: { kind: "lists", number: a, field: "calls", lists: { calls: [{ id: "c" }] } },
  };
  const notice: Update = {
    ...status(b, ""),
    content: { kind: "notice", field: "account_update", value: { event: "X" }, time: 7 },
  };
  const body = envelope([
    status(a, "x"),
    notice,
    status(c, "y"),
    status(a, "z"),
    call,
    status(b, "u"),
    inbound,
  ]);
  expect(body).toMatchObject({
    object: "whatsapp_business_account",
    entry: [
      {
        id: "w1",
        changes: [
          {
            field: "messages",
            value: { metadata: { phone_number_id: "1" }, statuses: [{ id: "x" }, { id: "z" }] },
          },
          { field: "calls", value: { metadata: { phone_number_id: "1" }, calls: [{ id: "c" }] } },
          { value: { metadata: { phone_number_id: "2" }, statuses: [{ id: "u" }] } },
          {
            value: {
              metadata: { phone_number_id: "1" },
              messages: [{ id: "in" }],
              contacts: [{ wa_id: "9" }],
            },
          },
        ],
      },
      { id: "w2", changes: [{ value: { statuses: [{ id: "y" }] } }] },
      { id: "w1", time: 7, changes: [{ field: "account_update", value: { event: "X" } }] },
    ],
  });
});
