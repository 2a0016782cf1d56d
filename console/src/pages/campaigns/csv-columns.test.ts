import { expect, test } from "vitest";
import { columnsOf } from "./csv-columns.ts";

test.each([
  ["to,name,external_ref\n+1,Mara,a", "to", ["name"]],
  ["\uFEFFphone;first name;city\r\n", "phone", ["first name", "city"]],
  ["recipient\tlocale\tcode", "recipient", ["code"]],
  ['"to","amount, in EUR"', "to", ["amount, in EUR"]],
  ["number,name", null, ["number", "name"]],
  ["", null, []],
  ["to,name,,,", "to", ["name"]],
])("%j", (text, recipient, variables) => {
  expect(columnsOf(text)).toEqual({ recipient, variables });
});
