/** The provider's rules, each with what breaks it: the mistake names its field and its remedy. */
import { describe, expect, test } from "vitest";
import type { Component, TemplateContent } from "./content.ts";
import { mistakesIn } from "./rules.ts";

const body = (text: string, ...samples: string[]): Component => ({
  type: "BODY",
  text,
  ...(samples.length > 0 && { example: { body_text: [samples] } }),
});
const template = (over: Partial<TemplateContent> = {}): TemplateContent => ({
  name: "order_ready",
  language: "en_US",
  category: "utility",
  named: false,
  components: [body("Hi {{1}}, order {{2}} is ready.", "Mara", "88")],
  ttlS: null,
  ...over,
});
const hello = body("Hello.");
const of = (...components: unknown[]) => ({ components: [hello, ...components] as Component[] });
const header = (over: object) => of({ type: "HEADER", format: "TEXT", ...over });
const footer = (over: object) => of({ type: "FOOTER", ...over });
const buttons = (...some: object[]) => of({ type: "BUTTONS", buttons: some });
const reply = (text: string) => ({ type: "QUICK_REPLY", text });
const link = (over: object = {}) => ({ type: "URL", text: "Track", url: "https://a.test", ...over });
const otp = (over: object = {}) => ({ type: "OTP", otp_type: "COPY_CODE", ...over });
const code = (over: object = {}, ...rest: object[]) => ({
  category: "authentication" as const,
  components: [
    { type: "BODY", add_security_recommendation: true },
    { type: "BUTTONS", buttons: [otp(over)] },
    ...rest,
  ] as Component[],
});
const text = (value: string, ...samples: string[]) => ({ components: [body(value, ...samples)] });
const namedText = (value: string, ...names: string[]) => ({
  named: true,
  components: [
    {
      type: "BODY" as const,
      text: value,
      example: { body_text_named_params: names.map((param_name) => ({ param_name, example: "x" })) },
    },
  ],
});

describe("what breaks a rule is named", () => {
  test.each<[string, Partial<TemplateContent>, string, string]>([
    ["a name in capitals", { name: "Order" }, "name", "lower-case"],
    ["too long a name", { name: "x".repeat(513) }, "name", "512"],
    ["no body", { components: [{ type: "FOOTER", text: "x" }] }, "components", "no BODY"],
    ["two bodies", of(hello), "components", "2 of type BODY"],
    [
      "two headers",
      of({ type: "HEADER", format: "LOCATION" }, { type: "HEADER", format: "LOCATION" }),
      "components",
      "2 of type HEADER",
    ],
    ["an empty body", text(" "), "components.0.text", "missing"],
    ["too long a body", text("x".repeat(1_025)), "components.0.text", "1024"],
    ["a variable first", text("{{1}} hi", "a"), "components.0.text", "begins"],
    ["a variable last", text("hi {{1}}", "a"), "components.0.text", "ends"],
    ["variables side by side", text("a {{1}} {{2}} b", "a", "b"), "components.0.text", "side by side"],
    ["a gap in the numbers", text("a {{1}} b {{3}} c", "a", "b"), "components.0.text", "no {{2}}"],
    ["a variable with a sign", text("a {{#x}} b"), "components.0.text", "{{#x}}"],
    ["a capital in a name", namedText("a {{Name}} b"), "components.0.text", "{{Name}}"],
    ["a name among numbers", text("a {{name}} b"), "components.0.text", "{{name}}"],
    ["a number among names", namedText("a {{1}} b"), "components.0.text", "{{1}}"],
    ["no sample", text("a {{1}} b {{2}} c", "x"), "components.0.example.body_text", "{{2}}"],
    ["a sample too many", text("a {{1}} b", "x", "y"), "components.0.example.body_text", "{{2}}"],
    ["no sample by name", namedText("a {{who}} b"), "components.0.example.body_text_named_params", "{{who}}"],
    [
      "a sample twice",
      namedText("a {{who}} b", "who", "who"),
      "components.0.example.body_text_named_params",
      "twice",
    ],
    ["an empty header", header({}), "components.1.text", "missing"],
    ["too long a header", header({ text: "x".repeat(61) }), "components.1.text", "60"],
    [
      "two variables in a header",
      header({ text: "{{1}} {{2}}", example: { header_text: ["a", "b"] } }),
      "components.1.text",
      "more than one",
    ],
    [
      "a header's variable without sample",
      header({ text: "Order {{1}}" }),
      "components.1.example.header_text",
      "{{1}}",
    ],
    ["a picture without sample", header({ format: "IMAGE" }), "components.1.example.header_handle", "sample"],
    [
      "a picture with a text",
      header({ format: "IMAGE", text: "x", example: { header_handle: ["4"] } }),
      "components.1.text",
      "IMAGE",
    ],
    ["a place with a text", header({ format: "LOCATION", text: "x" }), "components.1.text", "LOCATION"],
    ["an empty footer", footer({}), "components.1.text", "missing"],
    ["too long a footer", footer({ text: "x".repeat(61) }), "components.1.text", "60"],
    ["a variable in a footer", footer({ text: "a {{1}}" }), "components.1.text", "variable"],
    [
      "an expiry outside authentication",
      footer({ text: "x", code_expiration_minutes: 5 }),
      "components.1.code_expiration_minutes",
      "authentication",
    ],
    ["no button", buttons(), "components.1.buttons", "empty"],
    [
      "eleven buttons",
      buttons(...Array.from({ length: 11 }, () => reply("x"))),
      "components.1.buttons",
      "more than 10",
    ],
    ["three links", buttons(link(), link(), link()), "components.1.buttons", "3 of type URL"],
    [
      "two phones",
      buttons(...[1, 2].map(() => ({ type: "PHONE_NUMBER", text: "x", phone_number: "+1555" }))),
      "components.1.buttons",
      "2 of type PHONE_NUMBER",
    ],
    [
      "two codes to copy",
      buttons(...[1, 2].map(() => ({ type: "COPY_CODE", example: "x" }))),
      "components.1.buttons",
      "2 of type COPY_CODE",
    ],
    ["replies among others", buttons(reply("a"), link(), reply("b")), "components.1.buttons", "mixes"],
    ["too long a label", buttons(reply("x".repeat(26))), "components.1.buttons.0.text", "25"],
    ["an empty label", buttons(reply("")), "components.1.buttons.0.text", "empty"],
    ["a variable in a label", buttons(reply("a {{1}}")), "components.1.buttons.0.text", "variable"],
    ["no address", buttons(link({ url: "a.test" })), "components.1.buttons.0.url", "web address"],
    [
      "too long an address",
      buttons(link({ url: `https://a.test/${"x".repeat(2_000)}` })),
      "components.1.buttons.0.url",
      "2000",
    ],
    [
      "a variable within an address",
      buttons(link({ url: "https://a.test/{{1}}/b", example: ["https://a.test/x/b"] })),
      "components.1.buttons.0.url",
      "at its end",
    ],
    [
      "an address without sample",
      buttons(link({ url: "https://a.test/{{1}}" })),
      "components.1.buttons.0.example",
      "sample",
    ],
    [
      "a sample for nothing",
      buttons(link({ example: ["https://a.test"] })),
      "components.1.buttons.0.example",
      "no variable",
    ],
    [
      "no phone number",
      buttons({ type: "PHONE_NUMBER", text: "x", phone_number: "call" }),
      "components.1.buttons.0.phone_number",
      "20",
    ],
    [
      "too long a phone number",
      buttons({ type: "PHONE_NUMBER", text: "x", phone_number: "1".repeat(21) }),
      "components.1.buttons.0.phone_number",
      "20",
    ],
    [
      "too long a code",
      buttons({ type: "COPY_CODE", example: "x".repeat(21) }),
      "components.1.buttons.0.example",
      "20",
    ],
    ["a code's button elsewhere", buttons(otp()), "components.1.buttons.0.type", "authentication"],
    [
      "a code's advice elsewhere",
      { components: [{ type: "BODY", text: "Hi.", add_security_recommendation: true }] },
      "components.0.add_security_recommendation",
      "authentication",
    ],
    [
      "no button for a code",
      { category: "authentication", components: [{ type: "BODY" }] },
      "components",
      "OTP",
    ],
    [
      "a text for a code",
      { ...code(), components: [hello, { type: "BUTTONS", buttons: [otp()] }] as Component[] },
      "components.0.text",
      "own",
    ],
    [
      "a header for a code",
      code({}, { type: "HEADER", format: "TEXT", text: "x" }),
      "components.2",
      "header",
    ],
    [
      "a footer's text for a code",
      code({}, { type: "FOOTER", text: "x", code_expiration_minutes: 5 }),
      "components.2.text",
      "own",
    ],
    [
      "an expiry of two hours",
      code({}, { type: "FOOTER", code_expiration_minutes: 120 }),
      "components.2.code_expiration_minutes",
      "90",
    ],
    [
      "one tap without an app",
      code({ otp_type: "ONE_TAP" }),
      "components.1.buttons.0.supported_apps",
      "empty",
    ],
    [
      "an app for copying",
      code({ supported_apps: [{ package_name: "a", signature_hash: "x".repeat(11) }] }),
      "components.1.buttons.0.supported_apps",
      "COPY_CODE",
    ],
    [
      "a wrong hash",
      code({ otp_type: "ONE_TAP", supported_apps: [{ package_name: "a", signature_hash: "x" }] }),
      "components.1.buttons.0.supported_apps",
      "11",
    ],
    ["too short a life for marketing", { category: "marketing", ttlS: 60 }, "message_send_ttl_s", "43200"],
    ["too long a life for a code", { ...code(), ttlS: 901 }, "message_send_ttl_s", "900"],
  ])("%s", (_, over, field, problem) => {
    const mistakes = mistakesIn(template(over));
    const found = mistakes.find((mistake) => mistake.field === field && mistake.problem.includes(problem));
    expect(found, JSON.stringify(mistakes)).toBeDefined();
    for (const { remedy } of mistakes) expect(remedy).toMatch(/\w+.*\.$/);
  });
});

describe("what keeps the rules passes", () => {
  test.each<[string, Partial<TemplateContent>]>([
    ["numbered variables", {}],
    ["numbers in any order, one twice", text("a {{2}} b {{1}} c {{2}} d", "x", "y")],
    ["named variables", namedText("Hi {{first_name}}, {{order_2}} is ready.", "first_name", "order_2")],
    ["no variables", of()],
    ["a header with one", header({ text: "Order {{1}}", example: { header_text: ["88"] } })],
    ["a picture", header({ format: "IMAGE", example: { header_handle: ["4::aW"] } })],
    ["a place", header({ format: "LOCATION" })],
    ["a footer", footer({ text: "Depot 4" })],
    [
      "buttons in two groups",
      buttons(reply("a"), reply("b"), link({ url: "https://a.test/{{1}}", example: ["https://a.test/8"] }), {
        type: "PHONE_NUMBER",
        text: "Call",
        phone_number: "+15550001111",
      }),
    ],
    ["a code to copy", code({ text: "Copy" }, { type: "FOOTER", code_expiration_minutes: 10 })],
    [
      "a code by one tap",
      code({
        otp_type: "ONE_TAP",
        supported_apps: [{ package_name: "a.b", signature_hash: "x".repeat(11) }],
      }),
    ],
    ["30 days", { ttlS: -1 }],
    ["a name of 512", { name: "x".repeat(512) }],
    ["a body of 1,024", text("x".repeat(1_024))],
  ])("%s", (_, over) => {
    expect(mistakesIn(template(over))).toEqual([]);
  });
});
