// Campaigns on a real Postgres: what became of their messages, and their course.
import { topics } from "@wamesh/events";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { campaignState, entriesOf, messageIds, outbound, status } from "./arbitrary-history.ts";
import { type Bench, entries, now, openBench } from "./test-bench.ts";

const [first, second, third] = messageIds as [string, string, string];
const about = { campaign: "cmp_1" };
let bench: Bench;

beforeAll(async () => {
  bench = await openBench();
});
afterAll(() => bench?.close());
beforeEach(() => bench.empty());

const campaign = (change: Parameters<typeof campaignState>[0] = {}) =>
  entries(topics.campaignState, campaignState(change));

async function threeMessages(): Promise<void> {
  const running = { state: "processing", version: 2, total: 13, started_at: now - 3_600_000 } as const;
  await bench.tell(...campaign({ ...running, expanded: 3 }));
  for (const id of messageIds) await bench.tell(...entriesOf(outbound("acme", id, about)));
  const said = (id: string, what: Parameters<typeof status>[2]) =>
    bench.tell(...entriesOf(status("acme", id, what, about)));
  await said(first, { status: "sent", at: now - 15_000 });
  await said(first, { status: "delivered", origin: "provider", at: now - 12_000 });
  await said(second, { status: "failed", at: now - 5_000 });
  await said(third, { status: "queued" });
}

test("tells what became of its messages, why some failed, and when the rest will have left", async () => {
  await threeMessages();
  const { body } = await bench.get("/v1/status/campaigns/cmp_1");
  expect(body).toMatchObject({
    campaign_id: "cmp_1",
    name: "November",
    state: "processing",
    skips: [{ reason: "invalid", count: 10 }],
    session_id: "ses_acme",
    template: "welcome",
    counts: { delivered: 1, failed: 1, queued: 1, sent: 0 },
    errors: [{ code: "attempts_exhausted", fault_class: "provider", count: 1 }],
    // One in the last minute, one still to go.
    leaving_per_s: 0.02,
    eta_s: 50,
    completed_at: null,
  });
});

test("its course is told by the times of what happened", async () => {
  await threeMessages();
  const curve = (interval: string) => bench.get(`/v1/status/campaigns/cmp_1/curve?interval=${interval}`);
  const at = (ms: number) => new Date(ms).toISOString();
  const none = { sent: 0, delivered: 0, read: 0, failed: 0 };
  expect((await curve("10s")).body).toEqual({
    interval_s: 10,
    points: [
      { ...none, at: at(now - 20_000), sent: 1, delivered: 1 },
      { ...none, at: at(now - 10_000), failed: 1 },
    ],
  });
  expect((await curve("hour")).body).toEqual({
    interval_s: 3_600,
    points: [{ at: at(now - 3_600_000), sent: 1, delivered: 1, read: 0, failed: 1 }],
  });
});

test("a completed one says when; what is paused has no end in sight", async () => {
  await bench.tell(...campaign({ version: 3, state: "completed", changed_at: now }));
  await bench.tell(...campaign({ campaign: "cmp_2", state: "paused", reason: "error_rate" }));
  const { body } = await bench.get("/v1/status/campaigns/cmp_1");
  expect(body).toMatchObject({ completed_at: new Date(now).toISOString(), eta_s: null });
  expect((await bench.get("/v1/status/campaigns/cmp_2")).body).toMatchObject({
    reason: "error_rate",
    eta_s: null,
  });
});

test("the list pages through all of them, newest first, and by state", async () => {
  for (let n = 0; n < 5; n++)
    await bench.tell(
      ...campaign({
        campaign: `cmp_${n}`,
        created_at: now + Math.floor(n / 2),
        state: n % 2 ? "paused" : "draft",
      }),
    );
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const { body } = await bench.get(`/v1/status/campaigns?limit=2${cursor && `&cursor=${cursor}`}`);
    const page = body as { items: { campaign_id: string }[]; next_cursor: string | null };
    seen.push(...page.items.map(({ campaign_id }) => campaign_id));
    cursor = page.next_cursor;
  }
  expect(seen).toEqual(["cmp_4", "cmp_3", "cmp_2", "cmp_1", "cmp_0"]);
  const { body } = await bench.get("/v1/status/campaigns?state=paused");
  expect((body as { items: object[] }).items).toHaveLength(2);
});

test("another tenant's campaign is not there", async () => {
  await threeMessages();
  for (const path of ["/v1/status/campaigns/cmp_1", "/v1/status/campaigns/cmp_1/curve"])
    expect(await bench.get(path, "globex")).toMatchObject({ status: 404, body: { code: "not_found" } });
  expect((await bench.get("/v1/status/campaigns", "globex")).body).toMatchObject({ items: [] });
});
