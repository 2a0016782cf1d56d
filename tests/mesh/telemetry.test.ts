/** What an operator sees of one message: a trace through every service, its id in their logs, and every metric by its name. */
import { randomBytes } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { catalogue, type Metric, prefix, type ServiceName, serviceNames } from "@wamesh/metrics";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { api, cloudTenant, http, service, type TestTenant, until } from "./fixture.ts";
import { metrics, serviceLogs } from "./haystack.ts";
import { exportedSpans, type Span } from "./span-tree.ts";

const webhooks: IncomingHttpHeaders[] = [];
const receiver = createServer((request, response) => {
  webhooks.push(request.headers);
  request.resume().on("end", () => response.writeHead(204).end());
});
let tenant: TestTenant;
beforeAll(async () => {
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  tenant = await cloudTenant("traced");
  const { key } = tenant;
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`;
  await api("POST", "/v1/endpoints", { key, body: { url, events: ["message.delivered"] } });
  await api("POST", "/v1/rules", {
    key,
    body: {
      name: "Traced",
      event_type: "traced",
      message: {
        to: { path: "data.phone" },
        template: { name: "welcome", language: "en_US", variables: [{ path: "data.first_name" }] },
      },
    },
  });
});
afterAll(() => new Promise<void>((resolve) => receiver.close(() => resolve())));

const caller = "1".repeat(16);

const begin: Record<string, { route: string; call: (headers: Record<string, string>) => Promise<unknown> }> =
  {
    "an API call": {
      route: "POST /v1/messages",
      call: (headers) =>
        api("POST", "/v1/messages", {
          key: tenant.key,
          headers,
          body: {
            to: tenant.person(),
            template: { name: "welcome", language: "en_US", variables: ["Mara"] },
          },
        }),
    },
    "a domain event": {
      route: "POST /v1/events",
      call: (headers) =>
        api("POST", "/v1/events", {
          key: tenant.key,
          headers: { ...headers, "content-type": "application/cloudevents+json" },
          body: {
            specversion: "1.0",
            id: randomBytes(8).toString("hex"),
            source: "/test",
            type: "traced",
            data: { phone: tenant.person(), first_name: "Mara" },
          },
        }),
    },
  };

describe.each(Object.keys(begin))("one trace from %s to the tenant's webhook", (from) => {
  const traceId = randomBytes(16).toString("hex");
  let spans: Span[] = [];
  const ours = (name: string) => spans.find((span) => span.traceId === traceId && span.name === name);
  /** Batches that carry a span of the trace, by service. */
  const linked = (name: string, to: Span | undefined) =>
    spans
      .filter((span) => span.name === name && span.links.some(({ spanId }) => spanId === to?.spanId))
      .map((span) => span.service);

  /** Each service exports its spans a few seconds later. */
  const eventually = (what: string, check: () => void) =>
    until(what, async () => {
      spans = exportedSpans();
      check();
      return true;
    });

  beforeAll(async () => {
    await begin[from]!.call({ traceparent: `00-${traceId}-${caller}-01` });
  });

  it("goes from parent to child through ingest, the provider, its receipt and the webhook", () =>
    eventually("the spans of the message", () => {
      const server = ours(begin[from]!.route);
      const send = ours("send cloud_api");
      const receipt = ours("receipt delivered");
      const hook = ours("webhook POST");
      expect(server).toMatchObject({ service: "wamesh-ingest", parent: caller });
      expect(send).toMatchObject({
        service: "wamesh-dispatcher",
        parent: server?.spanId,
        attributes: { "http.request.method": "POST", "http.response.status_code": 200 },
      });
      expect(receipt).toMatchObject({ service: "wamesh-webhook-router", parent: send?.spanId });
      expect(hook).toMatchObject({
        service: "wamesh-webhook-router",
        parent: receipt?.spanId,
        attributes: { "http.request.method": "POST", "http.response.status_code": 204 },
      });
      // The provider's request has a trace of its own, and the receipt says which.
      const request = spans.find((span) => span.spanId === receipt?.links[0]?.spanId);
      expect(request).toMatchObject({
        service: "wamesh-webhook-router",
        name: "POST /callbacks/cloud-api/{app}",
      });
    }));

  it("is linked by every batch of Kafka that it went through", () =>
    eventually("the batches' spans", () => {
      const server = ours(begin[from]!.route);
      if (from === "a domain event")
        expect(linked("process wa.domain.event.v1", server)).toContain("wamesh-ingest");
      const outbound = linked("process wa.outbound.standard.v1", server);
      expect(outbound).toContain("wamesh-dispatcher");
      expect(outbound).toContain("wamesh-status-projector");
      for (const name of ["send cloud_api", "receipt delivered"]) {
        const told = linked("process wa.message.status.v1", ours(name));
        expect(told, name).toContain("wamesh-webhook-router");
        expect(told, name).toContain("wamesh-status-projector");
      }
      expect(linked("process wa.webhook.delivery.v1", ours("webhook POST"))).toEqual([
        "wamesh-status-projector",
      ]);
    }));

  it("is named by the log lines of the services it went through", async () => {
    const lines = serviceLogs().flatMap(({ place, text }) =>
      text
        .split("\n")
        .flatMap((line) => (line.includes(traceId) ? [`${place}: ${JSON.parse(line).msg}`] : [])),
    );
    expect(lines).toContain("log of ingest: request");
    expect(lines).toContain("log of dispatcher: sent to the provider");
    expect(lines).toContain("log of webhook-router: webhook");
    // Of what is folded in batches the line names the batch's trace, which links to ours.
    const batch = spans.find(
      (span) =>
        span.service === "wamesh-status-projector" &&
        span.links.some(({ spanId }) => spanId === ours("receipt delivered")?.spanId),
    );
    const projector = serviceLogs().find(({ place }) => place === "log of status-projector");
    expect(projector?.text).toContain(batch?.traceId);
  });
});

it("a trace is the operator's business: endpoints are not told of it", () => {
  expect(webhooks.length).toBeGreaterThan(0);
  expect(webhooks.filter((headers) => "traceparent" in headers)).toEqual([]);
});

/** What this test's own traffic has no use for. */
const unused = new Set([
  "certificate_expiry_seconds",
  "dispatch_held",
  "dispatch_rate_configured_per_second",
  "dispatch_rate_effective_per_second",
  "dispatch_sessions",
  "dispatch_fairness_jain",
  "dispatch_uploads_total",
  "dispatch_read_marks_total",
  "dispatch_look_ups_total",
  "intake_refused_total",
  "callback_items_not_understood_total",
  "errands",
  "errands_oldest_seconds",
  // Told half a minute after the call.
  "tenant_webhooks_total",
]);

it("every service serves what the catalogue says, and nothing else", async () => {
  // One request of each, for those that the traffic did not ask anything.
  for (const path of ["/v1/rules", "/v1/keys", "/v1/endpoints", "/v1/status/counters"])
    await api("GET", path, { key: tenant.key });
  const wanted = (of: ServiceName) =>
    Object.entries<Metric>(catalogue)
      .filter(
        ([name, { services, appears }]) => services.includes(of) && appears !== "fault" && !unused.has(name),
      )
      .map(([name]) => prefix + name)
      // The dispatcher has no API, and the projector has nothing to produce as long as nobody signs in.
      .filter((name) => !(of === "dispatcher" && name.includes("http_server")))
      .filter((name) => !(of === "status-projector" && name.includes("kafka_producer_records")));
  await until("all of them", async () => {
    const missing = (await served()).flatMap(({ of, names }) =>
      wanted(of).filter((name) => !names.has(name)),
    );
    if (missing.length > 0) throw new Error(`not served: ${missing.join(", ")}`);
    return true;
  });
  for (const { of, names } of await served()) {
    const known = Object.entries<Metric>(catalogue)
      .filter(([, { services }]) => services.includes(of))
      .map(([name]) => prefix + name);
    expect
      .soft(
        [...names].filter((name) => !known.includes(name)),
        of,
      )
      .toEqual([]);
  }
});

async function served(): Promise<{ of: ServiceName; names: Set<string> }[]> {
  const pages = await metrics();
  return serviceNames.map((of) => {
    const page = pages.find(({ place }) => place === `metrics of ${of}`)?.text ?? "";
    return { of, names: new Set([...page.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name!)) };
  });
}

it("a page of metrics is Prometheus' text format", async () => {
  const { probes } = (await service("ingest")) as unknown as { probes: string };
  const { headers, body } = await http("GET", `${probes}/metrics`);
  expect(headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
  const line = /^(# (HELP|TYPE) \S+ .+|[a-z0-9_]+(\{([a-z_]+="([^"\\\n]|\\.)*",?)+\})? (-?[\d.e+-]+|\+Inf))$/;
  const bad = String(body)
    .split("\n")
    .filter((one) => one !== "" && !line.test(one));
  expect(bad).toEqual([]);
});
