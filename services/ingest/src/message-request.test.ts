import { expect, test } from "vitest";
import { contentOf } from "./content.ts";
import { messageRequest } from "./message-request.ts";

const text = { to: "+15551234567", text: { body: "Hi" } };
const template = (fields: object) => ({
  to: "+15551234567",
  template: { name: "welcome", language: "en_US", ...fields },
});

test.each<[string, object, string]>([
  ["an unknown field", { ...text, lame: "otp" }, ""],
  ["an unknown field inside", { ...text, text: { body: "Hi", bold: true } }, "text"],
  ["a wrong type", { ...text, ttl_s: "60" }, "ttl_s"],
  ["no recipient", { text: { body: "Hi" } }, "to"],
  ["no content", { to: "+15551234567" }, "text"],
  ["two contents", { ...text, ...template({}) }, "template"],
  ["an empty text", { ...text, text: { body: "" } }, "text.body"],
  ["a text longer than WhatsApp takes", { ...text, text: { body: "x".repeat(4097) } }, "text.body"],
  ["a lane that does not exist", { ...text, lane: "fast" }, "lane"],
  ["a time to live beyond 30 days", { ...text, ttl_s: 30 * 86400 + 1 }, "ttl_s"],
  ["a time without zone", { ...text, send_at: "2026-11-20T10:00:00" }, "send_at"],
  ["a session and a pool", { ...text, session_id: "ses_1", pool: "default" }, "pool"],
  [
    "variables beside a body component",
    template({ variables: ["Mara"], components: [{ kind: "body", parameters: [{ value: "Mara" }] }] }),
    "template.variables",
  ],
  [
    "a button without position",
    template({ components: [{ kind: "button", parameters: [{ value: "x" }] }] }),
    "template.components.0",
  ],
])("%s is refused with its field", (_, body, field) => {
  const parsed = messageRequest.safeParse(body);
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toContain(field);
});

const parameter = (name: string | null, value: string) => ({ kind: "text", name, value });

test.each<[string, object, object]>([
  ["no variables: no components", {}, []],
  [
    "a list: numbered values of the body",
    { variables: ["Mara", "88"] },
    [
      {
        kind: "body",
        sub_type: null,
        index: null,
        parameters: [parameter(null, "Mara"), parameter(null, "88")],
      },
    ],
  ],
  [
    "an object: named values of the body",
    { variables: { first_name: "Mara" } },
    [{ kind: "body", sub_type: null, index: null, parameters: [parameter("first_name", "Mara")] }],
  ],
  [
    "components are kept, objects as JSON",
    { components: [{ kind: "header", parameters: [{ kind: "image", value: { id: "9" } }] }] },
    [
      {
        kind: "header",
        sub_type: null,
        index: null,
        parameters: [{ kind: "image", name: null, value: '{"id":"9"}' }],
      },
    ],
  ],
])("template with %s", (_, fields, components) => {
  const request = messageRequest.parse(template(fields));
  expect(contentOf(request).template).toEqual({ name: "welcome", language: "en_US", components });
});
