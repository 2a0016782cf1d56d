import { expect, test } from "vitest";
import { cloudEvent, domainEventOf } from "./cloud-event.ts";

const event = { specversion: "1.0", id: "e1", source: "/crm", type: "user_onboarded", data: { phone: "+1" } };

test.each<[string, object, string]>([
  ["no specversion", { ...event, specversion: undefined }, "specversion"],
  ["another specversion", { ...event, specversion: "0.3" }, "specversion"],
  ["no id", { ...event, id: undefined }, "id"],
  ["an empty source", { ...event, source: "" }, "source"],
  ["no type", { ...event, type: undefined }, "type"],
  ["a time that is none", { ...event, time: "yesterday" }, "time"],
  ["data that is not an object", { ...event, data: [1] }, "data"],
  ["data of another format", { ...event, datacontenttype: "text/xml" }, "datacontenttype"],
  ["binary data", { ...event, data_base64: "aGk=" }, "data_base64"],
  ["a name that is no attribute's", { ...event, eventType: "x" }, "eventType"],
  ["an extension that is an object", { ...event, trace: {} }, "trace"],
])("%s is malformed, with its field", (_, input, field) => {
  expect(cloudEvent.safeParse(input).error?.issues.map((issue) => issue.path.join("."))).toContain(field);
});

test("a whole event becomes a record that stands alone", () => {
  const parsed = cloudEvent.parse({
    ...event,
    subject: "user/7",
    time: "2026-11-20T12:00:00+02:00",
    datacontenttype: "application/json; charset=utf-8",
    partitionkey: "7",
  });
  expect(domainEventOf(parsed, "acme", 5)).toEqual({
    event_id: "e1",
    tenant: "acme",
    source: "/crm",
    type: "user_onboarded",
    subject: "user/7",
    occurred_at: Date.parse("2026-11-20T10:00:00Z"),
    data: '{"phone":"+1"}',
    received_at: 5,
  });
});

test("an event without time happened when it came, and one without data has none", () => {
  const { data: _, ...bare } = event;
  expect(domainEventOf(cloudEvent.parse(bare), "acme", 5)).toMatchObject({ occurred_at: 5, data: "{}" });
});
