import { expect, test } from "vitest";
import { createRegistry } from "./registry.ts";

const lines = (page: string) => page.split("\n").filter((line) => line !== "" && !line.startsWith("#"));

test("counters add up by label, in the catalogue's order, whatever order they are given in", () => {
  const registry = createRegistry();
  const items = registry.counter("callback_items_total");
  items.add(1, { provider: "cloud_api", kind: "status", routed: true });
  items.add(2, { routed: true, kind: "status", provider: "cloud_api" });
  items.add(1, { provider: "wasender", kind: "status", routed: false });
  expect(lines(registry.text())).toEqual([
    'wamesh_callback_items_total{provider="cloud_api",kind="status",routed="true"} 3',
    'wamesh_callback_items_total{provider="wasender",kind="status",routed="false"} 1',
  ]);
  expect(registry.text()).toContain("# TYPE wamesh_callback_items_total counter\n");
});

test("what has no labels is served as zero before its first event, so that a rate sees that one too", () => {
  const registry = createRegistry();
  registry.counter("dispatch_sent_total");
  registry.histogram("webhook_duration_seconds");
  const page = lines(registry.text());
  expect(page).toContain("wamesh_dispatch_sent_total 0");
  expect(page).toContain("wamesh_webhook_duration_seconds_count 0");
});

test("a histogram's buckets are cumulative, and its bounds belong to them", () => {
  const registry = createRegistry();
  const dwell = registry.histogram("dispatch_dwell_seconds");
  for (const seconds of [0.01, 0.04, 0.2, 1_000]) dwell.observe(seconds, { lane: "otp" });
  const page = lines(registry.text());
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

test("a series that is no longer said is no longer served", () => {
  const registry = createRegistry();
  let reasons = ["paused", "window"];
  const stop = registry.observe((say) => {
    for (const reason of reasons) say("dispatch_held", 1, { reason });
  });
  expect(lines(registry.text())).toHaveLength(2);
  reasons = ["paused"];
  expect(lines(registry.text())).toEqual(['wamesh_dispatch_held{reason="paused"} 1']);
  stop();
  expect(registry.text()).toBe("");
});

test("an observer that fails takes none of the others with it", () => {
  const registry = createRegistry();
  registry.observe(() => {
    throw new Error("not connected");
  });
  registry.observe((say) => say("dispatch_shards", 3));
  expect(lines(registry.text())).toEqual(["wamesh_dispatch_shards 3"]);
});

test("quotes, backslashes and line ends in a label can't break a line of the page", () => {
  const registry = createRegistry();
  registry.counter("callback_items_not_understood_total").add(1, { provider: "x", name: 'a"b\\c\nd' });
  expect(lines(registry.text())).toEqual([
    String.raw`wamesh_callback_items_not_understood_total{provider="x",name="a\"b\\c\nd"} 1`,
  ]);
});
