/** Lists of recipients on real servers: what becomes of files, good and bad. */
import { withTenants } from "@wamesh/store";
import { until } from "@wamesh/testing";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bench, openBench } from "../test-bench.ts";
import { keptMs, tidyAudiences } from "./tidy-audiences.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await openBench();
}, 60_000);
afterAll(() => bench.close());

type Audience = {
  audience_id: string;
  state: string;
  rows: number;
  recipients: number;
  invalid: number;
  duplicates: number;
  columns: string[];
  problem: string | null;
};
type Problem = { code: string; detail: string };

async function answer<Body>(of: Response | Promise<Response>, status = 200): Promise<Body> {
  const response = await of;
  const body = (await response.json()) as Body;
  expect(response.status, JSON.stringify(body)).toBe(status);
  return body;
}

const made = (body: object = { name: "people" }) =>
  answer<Audience>(bench.call("POST", "/v1/audiences", body), 201);
const read = (id: string) => answer<Audience>(bench.call("GET", `/v1/audiences/${id}`));

function put(id: string, file: string | ReadableStream<Uint8Array>): Promise<Response> {
  return Promise.resolve(
    bench.api.app.request(`/v1/audiences/${id}/csv`, {
      method: "PUT",
      headers: { authorization: `Bearer wam_acme00000000_${bench.secret}`, "content-type": "text/csv" },
      body: file,
      ...(file instanceof ReadableStream && { duplex: "half" }),
    }),
  );
}

async function errorsOf(id: string) {
  const { items } = await answer<{ items: { line: number; column: string | null; code: string }[] }>(
    bench.call("GET", `/v1/audiences/${id}/errors?limit=200`),
  );
  return items.map(({ line, column, code }) => `${line} ${column} ${code}`);
}

const person = (n: number) => `+1555${String(2_000_000 + n)}`;
const utf8 = new TextEncoder();

/** The first `lines` of a file, then `after`. */
function streamOf(
  lines: number,
  after: (control: ReadableStreamDefaultController<Uint8Array>) => void | Promise<void>,
) {
  let n = 0;
  return new ReadableStream<Uint8Array>({
    pull(control) {
      if (n === 0) control.enqueue(utf8.encode("to,name\n"));
      else if (n <= lines) control.enqueue(utf8.encode(`${person(n)},Name ${n}\n`));
      else return after(control);
      n++;
    },
  });
}

test("a file with bad lines is read but for those, and each is named", async () => {
  const { audience_id: id } = await made();
  const rows = Array.from({ length: 2_500 }, (_, n) => `${person(n)};Name ${n};r-${n}`);
  rows[10] = "12345;no number;x";
  rows[20] = `${person(20)};too few`;
  rows[30] = `${person(5)};the sixth once more;x`;
  rows[1_200] = `${person(1_200)};"a quote left open;x`;
  rows[2_400] = `${person(0)};the first once more;x`;
  const audience = await answer<Audience>(put(id, `\uFEFFPhone;Name;external_ref\r\n${rows.join("\r\n")}`));
  expect(audience).toMatchObject({
    state: "ready",
    rows: 2_500,
    recipients: 2_495,
    invalid: 3,
    duplicates: 2,
    columns: ["Phone", "Name", "external_ref"],
    problem: null,
  });
  expect(await errorsOf(id)).toEqual([
    "12 Phone recipient_impossible",
    "22 null wrong_columns",
    "32 null duplicate",
    "1202 null bad_quotes",
    "2402 null duplicate",
  ]);
  expect(await read(id)).toEqual(audience);
});

test.each([
  ["names no column of recipients", "name,city\nMara,Rome\n", /names no column/],
  ["is empty", "", /empty/],
  ["has a first line without end", "x".repeat(300_000), /first line is longer/],
  ["has a million columns", `to${",c".repeat(1_000_000)}\n`, /first line is longer/],
  ["is UTF-16", Buffer.from("\uFEFFto\n+15552000000", "utf16le"), /UTF-16/],
])("a file that %s is refused, and the list says why", async (_what, file, problem) => {
  const { audience_id: id } = await made();
  const body = typeof file === "string" ? file : new Blob([new Uint8Array(file)]).stream();
  const { code, detail } = await answer<Problem>(put(id, body), 422);
  expect(code).toBe("file_unusable");
  expect(detail).toMatch(problem);
  expect(await read(id)).toMatchObject({ state: "failed", problem: detail });
});

test("an upload that breaks off leaves a failed list, which the next upload makes whole", async () => {
  const { audience_id: id } = await made();
  const broken = streamOf(1_500, (control) => control.error(new Error("the connection broke")));
  expect((await answer<Problem>(put(id, broken), 400)).code).toBe("upload_broken");
  expect(await read(id)).toMatchObject({ state: "failed", problem: expect.stringMatching(/broke off/) });
  await answer(put(id, `to\n${person(1)}\n${person(2)}\n`));
  expect(await read(id)).toMatchObject({ state: "ready", rows: 2, recipients: 2, problem: null });
});

test("how far an upload is can be read meanwhile, and a later one takes its place", async () => {
  const { audience_id: id } = await made();
  const hold = Promise.withResolvers<void>();
  const slow = put(
    id,
    streamOf(2_200, (control) => hold.promise.then(() => control.close())),
  );
  await until(async () => (await read(id)).rows === 2_000);
  expect(await read(id)).toMatchObject({ state: "reading" });
  await answer(put(id, `to\n${person(1)}\n`));
  hold.resolve();
  await answer(slow, 409);
  expect(await read(id)).toMatchObject({ state: "ready", recipients: 1 });
});

test("recipients in a request are ready at once, and one that is of no use is named by its field", async () => {
  const recipients = [{ to: person(1), variables: { name: "Mara" } }, { to: person(2) }, { to: person(1) }];
  expect(await made({ recipients })).toMatchObject({
    state: "ready",
    rows: 3,
    recipients: 2,
    duplicates: 1,
    columns: ["name"],
  });
  const wrong = bench.call("POST", "/v1/audiences", { recipients: [{ to: person(1) }, { to: "nobody" }] });
  expect(await answer<object>(wrong, 422)).toMatchObject({ errors: [{ field: "recipients.1.to" }] });
});

test("recipients of deleted, replaced and long unused lists are removed, of others not", async () => {
  const ids: string[] = [];
  for (const what of ["deleted", "replaced", "old", "kept"]) {
    const { audience_id: id } = await made({ name: what });
    await answer(put(id, `to\n${person(1)}\n${person(2)}\n`));
    ids.push(id);
  }
  const [deleted, replaced, old, kept] = ids as [string, string, string, string];
  expect((await bench.call("DELETE", `/v1/audiences/${deleted}`)).status).toBe(204);
  await answer(put(replaced, `to\n${person(3)}\n`));
  const longAgo = new Date(Date.now() - keptMs - 1_000);
  await withTenants(
    bench.sql,
    "all",
    (tx) => tx`update audience set changed_at = ${longAgo} where id = ${old}`,
  );
  await tidyAudiences(bench.sql, Date.now());
  const left = await withTenants(
    bench.sql,
    "all",
    (tx) => tx<{ audience: string; count: number }[]>`
      select audience, count(*)::int as count from audience_member where audience = any(${ids}) group by 1`,
  );
  expect(Object.fromEntries(left.map(({ audience, count }) => [audience, count]))).toEqual({
    [replaced]: 1,
    [kept]: 2,
  });
  for (const gone of [deleted, old]) await answer(bench.call("GET", `/v1/audiences/${gone}`), 404);
});
