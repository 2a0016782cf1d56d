import { expect, test } from "vitest";
import { partsOf } from "./parts.ts";

const part = (kind: string, over: object = {}) => ({
  kind,
  format: null,
  sub_type: null,
  index: null,
  parameters: [],
  ...over,
});
const buttons = (...some: object[]) => ({ type: "BUTTONS", buttons: some });

test.each<[string, object[], string, object[], boolean, number]>([
  ["a text without variables", [{ type: "BODY", text: "Hi." }], "utility", [], true, 0],
  [
    "numbers in their order, whatever their place",
    [{ type: "BODY", text: "{{2}} of {{1}} and {{2}}" }],
    "utility",
    [part("body", { parameters: ["1", "2"] })],
    true,
    2,
  ],
  [
    "names as they stand",
    [{ type: "BODY", text: "Hi {{who}}, {{what}}." }],
    "utility",
    [part("body", { parameters: ["who", "what"] })],
    true,
    2,
  ],
  [
    "headers with a variable or a file, not those without",
    [
      { type: "HEADER", format: "TEXT", text: "Order {{1}}" },
      { type: "header", format: "image" },
      { type: "HEADER", format: "TEXT", text: "Hello" },
    ],
    "utility",
    [part("header", { format: "text", parameters: ["1"] }), part("header", { format: "image" })],
    true,
    0,
  ],
  [
    "buttons that take something, by their place",
    [
      buttons(
        { type: "PHONE_NUMBER" },
        { type: "URL", url: "https://a.test/{{1}}" },
        { type: "URL", url: "https://a.test" },
        { type: "QUICK_REPLY" },
        { type: "COPY_CODE" },
      ),
    ],
    "marketing",
    [
      part("button", { sub_type: "url", index: 1, parameters: ["1"] }),
      part("button", { sub_type: "quick_reply", index: 3 }),
      part("button", { sub_type: "copy_code", index: 4, parameters: ["1"] }),
    ],
    true,
    0,
  ],
  [
    "a code, as it was submitted",
    [{ type: "BODY", add_security_recommendation: true }, buttons({ type: "OTP" })],
    "authentication",
    [part("body", { parameters: ["1"] }), part("button", { sub_type: "url", index: 0, parameters: ["1"] })],
    true,
    1,
  ],
  [
    "a component of another kind: not whole",
    [{ type: "BODY", text: "a {{1}} b" }, { type: "CAROUSEL" }],
    "marketing",
    [part("body", { parameters: ["1"] })],
    false,
    1,
  ],
  ["a button of another kind: not whole", [buttons({ type: "HOLOGRAM" })], "marketing", [], false, 0],
])("%s", (_, components, category, parts, whole, bodyParameters) => {
  expect(partsOf(components, category)).toEqual({ parts, whole, bodyParameters });
});
