import { expect, test } from "vitest";
import { catalogue, type NameOf } from "./catalogue.ts";
import type { Metric } from "./metric.ts";
import { createRegistry } from "./registry.ts";

const lines = (page: string) => page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("counters add up by label, in the catalogue's order, whatever order they are given in", async () => {
  const registry = createRegistry();
  const statuses = registry.counter("messages_total");
  statuses.add(1, { status: "sent", fault_class: "", provider: "cloud_api" });
  statuses.add(2, { provider: "cloud_api", fault_class: "", status: "sent" });
  statuses.add(1, { status: "failed", fault_class: "recipient", provider: "wasender" });
  expect(lines(await registry.text())).toEqual([
    'wamesh_messages_total{status="sent",fault_class="",provider="cloud_api"} 3',
    'wamesh_messages_total{status="failed",fault_class="recipient",provider="wasender"} 1',
  ]);
  expect(await registry.text()).toContain("# TYPE wamesh_messages_total counter\n");
});

test("what has no labels is served as zero before its first event, so that a rate sees that one too", async () => {
  const registry = createRegistry();
  registry.counter("dispatch_sent_total");
  registry.histogram("webhook_duration_seconds");
  const page = lines(await registry.text());
  expect(page).toContain("wamesh_dispatch_sent_total 0");
  expect(page).toContain("wamesh_webhook_duration_seconds_count 0");
});

test("labels whose values are known begin at zero too", async () => {
  const registry = createRegistry();
  registry.counter("webhook_attempts_total").add(2, { outcome: "retry" });
  registry.histogram("dispatch_dwell_seconds");
  const page = lines(await registry.text());
  expect(page).toContain('wamesh_webhook_attempts_total{outcome="delivered"} 0');
  expect(page).toContain('wamesh_webhook_attempts_total{outcome="retry"} 2');
  expect(page).toContain('wamesh_dispatch_dwell_seconds_count{lane="otp"} 0');
  expect(page).toContain('wamesh_dispatch_dwell_seconds_bucket{lane="otp",le="5"} 0');
});

test("a histogram's buckets are cumulative, and its bounds belong to them", async () => {
  const registry = createRegistry();
  const dwell = registry.histogram("dispatch_dwell_seconds");
  for (const seconds of [0.01, 0.04, 0.2, 1_000]) dwell.observe(seconds, { lane: "otp" });
  const page = lines(await registry.text());
  const bucket = (le: string) => page.find((line) => line.includes(`le="${le}"`))?.split(" ")[1];
  expect([bucket("0.01"), bucket("0.05"), bucket("0.25"), bucket("600"), bucket("+Inf")]).toEqual([
    "1",
    "2",
    "3",
    "3",
    "4",
  ]);
  expect(page).toContain('wamesh_dispatch_dwell_seconds_count{lane="otp"} 4');
  expect(page).toContain('wamesh_dispatch_dwell_seconds_sum{lane="otp"} 1000.25');
});

test("a series that is no longer said is no longer served", async () => {
  const registry = createRegistry();
  let reasons = ["paused", "window"];
  const stop = registry.observe((say) => {
    for (const reason of reasons) say("dispatch_held", 1, { reason });
  });
  expect(lines(await registry.text())).toHaveLength(2);
  reasons = ["paused"];
  expect(lines(await registry.text())).toEqual(['wamesh_dispatch_held{reason="paused"} 1']);
  stop();
  expect(lines(await registry.text())).toEqual([]);
});

test("an observer that fails takes none of the others with it", async () => {
  const registry = createRegistry();
  registry.observe(() => {
    throw new Error("not connected");
  });
  registry.observe((say) => say("dispatch_shards", 3));
  expect(lines(await registry.text())).toEqual(["wamesh_dispatch_shards 3"]);
});

test("quotes, backslashes and line ends in a label can't break a line of the page", async () => {
  const registry = createRegistry();
  registry.counter("callback_items_not_understood_total").add(1, { provider: "x", name: 'a"b\\c\nd' });
  expect(lines(await registry.text())).toEqual([
    String.raw`wamesh_callback_items_not_understood_total{provider="x",name="a\"b\\c\nd"} 1`,
  ]);
});

test("more series than the SDK's 2,000, and tenants that come and go, do not end in one series of all the rest", async () => {
  const registry = createRegistry();
  const requests = registry.counter("http_server_requests_total");
  for (let i = 0; i < 2_500; i++) requests.add(1, { method: "GET", route: `/${i}`, status: 200 });
  let from = 0;
  registry.observe((say) => {
    for (let i = from; i < from + 1_500; i++) say("tenant_waiting", i, { tenant: `t${i}` });
  });
  for (; from < 4_500; from += 1_500) {
    const page = await registry.text();
    expect(lines(page)).toHaveLength(4_000);
    expect(page).toContain(`wamesh_tenant_waiting{tenant="t${from}"} ${from}\n`);
    expect(page).not.toContain("overflow");
  }
});

test("a gauge is served as it was last set and what was added since", async () => {
  const registry = createRegistry();
  const queued = registry.gauge("kafka_producer_queued_bytes");
  expect(lines(await registry.text())).toEqual(["wamesh_kafka_producer_queued_bytes 0"]);
  queued.set(7);
  queued.add(5);
  queued.add(-2);
  registry.gauge("kafka_producer_queued_bytes").add(1);
  expect(lines(await registry.text())).toEqual(["wamesh_kafka_producer_queued_bytes 11"]);
});

test("every metric is served by the name, the type and the help that the catalogue gives it, and nothing is added", async () => {
  const registry = createRegistry();
  const wanted = Object.entries<Metric>(catalogue).map(([key, { type, labels, about }]) => {
    const name = key as never;
    const values = Object.fromEntries(labels.map((label) => [label, "x"])) as never;
    if (type === "histogram") registry.histogram<NameOf<"histogram">>(name).observe(1, values);
    else if (type === "counter") registry.counter<NameOf<"counter">>(name).add(1, values);
    else registry.gauge<NameOf<"gauge">>(name).set(1, values);
    return [`# HELP wamesh_${key} ${about}`, `# TYPE wamesh_${key} ${type}`];
  });
  const page = await registry.text();
  expect(page.split("\n").filter((line) => line.startsWith("#"))).toEqual(wanted.flat());
});
