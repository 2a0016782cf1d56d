/** Campaigns through the whole mesh: everybody once, whatever is killed; stopped within seconds. */
import { derivedUuid } from "@wamesh/events";
import { afterEach, expect, it } from "vitest";
import {
  api,
  cloudTenant,
  control,
  http,
  ledger,
  mesh,
  reaches,
  sim,
  type TestTenant,
  until,
} from "./fixture.ts";

type Campaign = { campaign_id: string; state: string; expanded: number; skipped: number };

const template = { name: "welcome", language: "en_US", variables: [{ column: "first_name" }] };

afterEach(() => sim("DELETE", "/_sim/faults"));

async function listOf(tenant: TestTenant, people: readonly string[]): Promise<string> {
  const { key } = tenant;
  const { audience_id: id } = await api<{ audience_id: string }>("POST", "/v1/audiences", { key, body: {} });
  const answer = await http("PUT", `${mesh().origin}/v1/audiences/${id}/csv`, {
    key,
    headers: { "content-type": "text/csv" },
    body: `phone,first_name\n${people.map((to, n) => `${to},Name ${n}\n`).join("")}`,
  });
  expect(answer).toMatchObject({ status: 200, body: { state: "ready", recipients: people.length } });
  return id;
}

async function campaignOf(tenant: TestTenant, people: readonly string[]): Promise<string> {
  const { key, session } = tenant;
  const audience_id = await listOf(tenant, people);
  const body = { name: "news", audience_id, session_id: session, template };
  return (await api<Campaign>("POST", "/v1/campaigns", { key, body })).campaign_id;
}

const read = (tenant: TestTenant, id: string) =>
  api<Campaign>("GET", `/v1/campaigns/${id}`, { key: tenant.key });
const command = (tenant: TestTenant, id: string, verb: string, body?: object) =>
  api<Campaign>("POST", `/v1/campaigns/${id}/${verb}`, { key: tenant.key, ...(body && { body }) });
const peopleOf = (tenant: TestTenant, count: number) => Array.from({ length: count }, () => tenant.person());

it("a file becomes one message for each in it, though ingest is killed while it makes them", async () => {
  const acme = await cloudTenant("campaign-kill", { ratePerS: 500 });
  const people = peopleOf(acme, 2_500);
  const id = await campaignOf(acme, people);
  expect(await command(acme, id, "preflight")).toMatchObject({ will_send: people.length, problems: [] });
  await command(acme, id, "start", {});
  const before = await until("some to be made", async () => {
    const { expanded } = await read(acme, id);
    return expanded > 0 ? expanded : undefined;
  });
  await control("services", "ingest", "kill");
  expect(before).toBeLessThan(people.length);
  await control("services", "ingest", "start");
  await until(
    "it to be completed",
    async () => ((await read(acme, id)).state === "completed" ? true : undefined),
    90_000,
  );
  expect(await read(acme, id)).toMatchObject({ expanded: people.length, skipped: 0 });
  const reached = await ledger([acme.sender]);
  expect(reached.map(({ accepted }) => accepted).filter((times) => times !== 1)).toEqual([]);
  expect(reached.map(({ recipient }) => recipient.replace(/^\+?/, "+")).sort()).toEqual([...people].sort());
});

it("a campaign is paused, goes on, and is cancelled in the middle, each within five seconds", async () => {
  const acme = await cloudTenant("campaign-stop", { ratePerS: 10 });
  const people = peopleOf(acme, 400);
  const id = await campaignOf(acme, people);
  await command(acme, id, "start", {});
  const arrived = async () => (await ledger([acme.sender])).length;
  await until("some to arrive", async () => ((await arrived()) > 5 ? true : undefined));
  const last = derivedUuid("campaign", id, 1, `phone ${people.at(-1)}`);
  await reaches(acme, last, ["queued"]);

  await command(acme, id, "pause");
  const waits = (reason: string) =>
    until(
      `it to wait for ${reason}`,
      async () => {
        const { waiting } = await api<{ waiting: { reason: string } | null }>(
          "GET",
          `/v1/status/messages/${last}`,
          { key: acme.key },
        );
        return waiting?.reason === reason ? true : undefined;
      },
      5_000,
    );
  await waits("campaign_paused");

  const paused = await arrived();
  await command(acme, id, "resume");
  await until("more to arrive", async () => ((await arrived()) > paused + 5 ? true : undefined), 10_000);

  await command(acme, id, "cancel");
  await reaches(acme, last, ["cancelled"], 5_000);
  expect(await arrived()).toBeLessThan(people.length / 2);
});
