import { expect, test } from "vitest";
import { piecesOf, placeholdersOf } from "./placeholders.ts";

const body = (text: string) => ({
  components: [
    { type: "HEADER", text: "{{9}}" },
    { type: "BODY", text },
  ],
});

test.each([
  ["Hello {{1}}, your {{2}} is ready, {{1}}.", ["1", "2"]],
  ["{{2}} {{10}} {{1}}", ["1", "2", "10"]],
  ["Hi {{ first_name }}, order {{order}}", ["first_name", "order"]],
  ["Nothing to fill", []],
])("%s", (text, names) => expect(placeholdersOf(body(text))).toEqual(names));

test("a template without a body wants nothing", () => expect(placeholdersOf({ components: [] })).toEqual([]));

test("a preview shows the examples, and the rest as it is", () => {
  const part = { type: "BODY", text: "Hi {{1}}, {{2}}!", example: { body_text: [["Mara"]] } };
  expect(piecesOf(part)).toEqual([
    { text: "Hi ", variable: false },
    { text: "Mara", variable: true },
    { text: ", ", variable: false },
    { text: "{{2}}", variable: true },
    { text: "!", variable: false },
  ]);
});
