import { stack } from "@wamesh/testing";
import postgres from "postgres";
import { afterAll, expect, test } from "vitest";
import { column, pack, packText } from "./columns.ts";

const sql = postgres(stack().postgresUrl, { max: 1 });
afterAll(() => sql.end());

test.each([
  [["plain", "b c", "{}", ",", "null", "NULL", "", "é😀"]],
  [['"', "\\", "\\\\n", "a\nb", "'", "null"]],
  [["a", null]],
  [[]],
])("texts arrive as they were: %j", async (values) => {
  const rows = await sql`
    select back from unnest(${column(values)}::text[]) with ordinality v (back, ord) order by ord`;
  expect(rows.map(({ back }) => back)).toEqual(values);
});

test("numbers arrive as they were", async () => {
  const numbers = [1, null, -(2 ** 53)];
  const rows = await sql`
    select back::float8 as back from unnest(${column(numbers)}::bigint[]) with ordinality v (back, ord) order by ord`;
  expect(rows.map(({ back }) => back)).toEqual(numbers);
});

test.each([
  ["text", ['{"a":"é😀\\n"}', null, "", "b"]],
  ["bytes that are no text", [Buffer.from([0xff, 0]), null, Buffer.from([0x5c, 0x78])]],
  ["text with a NUL", ["a\0b", "c"]],
  ["nothing", [null]],
])("parts arrive as they were: %s", async (_, given) => {
  const parts = given.map((part) => (part === null ? null : Buffer.from(part)));
  const { bytes, begins, sizes } = pack(sql, parts);
  const rows = await sql`
    select substring(${bytes} from at for size) as part
    from unnest(${column(begins)}::int[], ${column(sizes)}::int[]) with ordinality p (at, size, ord) order by ord`;
  expect(rows.map(({ part }) => part)).toEqual(parts);
});

test.each([
  ["ASCII", ["a", "", '{"b":"\\n"}']],
  ["longer characters", ["é", "😀 and more", "", "ß"]],
  ["nothing", []],
])("texts in one piece arrive as they were: %s", async (_, texts) => {
  const { bytes, begins, sizes } = packText(sql, texts);
  const rows = await sql`
    select convert_from(substring(${bytes} from at for size), 'UTF8') as part
    from unnest(${column(begins)}::int[], ${column(sizes)}::int[]) with ordinality p (at, size, ord) order by ord`;
  expect(rows.map(({ part }) => part)).toEqual(texts);
});
