/** Kill -9 of each service in turn while 500 messages are under way: nothing lost, nothing doubled. */
import { expect, it } from "vitest";
import { api, cloudTenant, control, ledger, until } from "./fixture.ts";

const messages = 500;

it.each(["ingest", "dispatcher", "session-manager", "webhook-router", "status-projector"])(
  "kill -9 of %s during 500 messages loses nothing and doubles nothing",
  async (service) => {
    const acme = await cloudTenant(`kill-${service.slice(0, 8)}`);
    const ids = new Set<string>();
    const send = async (batch: number) => {
      const answer = await api<{ results: { id: string; status: string }[] }>("POST", "/v1/messages/batch", {
        key: acme.key,
        headers: { "idempotency-key": `kill-${batch}` },
        body: {
          messages: Array.from({ length: 50 }, (_, i) => ({
            to: `+1555${String(5_000_000 + batch * 50 + i)}`,
            template: { name: "welcome", language: "en_US", variables: [`${batch}-${i}`] },
          })),
        },
      });
      for (const result of answer.results) ids.add(result.id);
    };

    for (let batch = 0; batch < 3; batch++) await send(batch);
    await until("the first messages to be under way", async () =>
      (await ledger([acme.sender])).length >= 20 ? true : undefined,
    );
    await control("services", service, "kill");
    // Clients go on while it is away, and repeat with the same key until they are answered.
    const rest = Promise.all([3, 4, 5, 6, 7, 8, 9].map(send));
    await control("services", service, "start");
    await rest;
    expect(ids.size).toBe(messages);

    const counters = await until(
      "every message to have ended",
      async () => {
        const c = await api<Record<string, number>>("GET", "/v1/status/counters", { key: acme.key });
        const ended =
          (c.sent ?? 0) + (c.failed ?? 0) + (c.expired ?? 0) + (c.cancelled ?? 0) + (c.unconfirmed ?? 0);
        if (ended < messages) throw new Error(JSON.stringify(c));
        return c;
      },
      90_000,
    );
    expect(counters).toMatchObject({ accepted: messages, failed: 0, expired: 0, cancelled: 0 });

    const received = await ledger([acme.sender]);
    expect(received.filter((entry) => entry.accepted > 1)).toEqual([]);
    expect(received.every((entry) => ids.has(entry.id))).toBe(true);
    // What is not confirmed was claimed when the dispatcher died; only a dispatcher's death may leave any.
    expect(received.length + (counters.unconfirmed ?? 0)).toBeGreaterThanOrEqual(messages);
    if (service !== "dispatcher") expect(counters.unconfirmed).toBe(0);

    await until(
      "every receipt to have arrived",
      async () => {
        const c = await api<Record<string, number>>("GET", "/v1/status/counters", { key: acme.key });
        if ((c.read ?? 0) < received.length) throw new Error(`${c.read} read of ${received.length}`);
        return true;
      },
      60_000,
    );
  },
);
