/** Achieved against configured rate at three rates at once, with the simulator as the provider and the judge. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { startSimulator } from "@wamesh/simulator";
import { rounded } from "../../statistics.ts";
import { achievedShare, type DispatchFigures } from "../figures.ts";
import type { Rig } from "../rig.ts";

const ratesPerS = [0.2, 80, 1000];

export async function pace(rig: Rig): Promise<Partial<DispatchFigures>> {
  const { paceWarmUpS, paceS } = rig.sizes;
  const schedule = await rig.schedule();
  const receiver = createServer((request, response) => {
    request.resume().on("end", () => response.end());
  });
  await new Promise<void>((resolve) => receiver.listen(0, "127.0.0.1", resolve));
  const simulator = await startSimulator({ seed: 1, profile: "instant" });
  const control = async (path: string, body?: object) => {
    const answer = await fetch(
      `${simulator.controlUrl}${path}`,
      body && { method: "POST", body: JSON.stringify(body) },
    );
    if (!answer.ok) throw new Error(`the simulator says ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as { messages: Reception[]; next_cursor: number | null };
  };
  try {
    const callback = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
    await control("/apps", { app_id: "1", app_secret: "s", verify_token: "v", callback_url: callback });
    const sessions = [];
    for (const ratePerS of ratesPerS) {
      const [actor] = await rig.cast.sessions({ name: `pace-${ratePerS}`, count: 1, tenants: 1, ratePerS });
      sessions.push({ actor: actor!, ratePerS });
      await schedule.fill({
        count: Math.ceil(ratePerS * (paceWarmUpS + paceS) * 1.2) + 10,
        actors: [actor!],
      });
    }
    const numbers = sessions.map(({ actor, ratePerS }) => ({
      phone_number_id: actor.number,
      display_phone_number: `+${actor.number}`,
      rate_per_s: ratePerS,
    }));
    await control("/wabas", { waba_id: "1", app_id: "1", token: "bench", numbers, templates: [] });

    const dispatcher = await rig.dispatcher(schedule, { provider: simulator.cloudApiUrl });
    const from = Date.now() + paceWarmUpS * 1000;
    await sleep((paceWarmUpS + paceS) * 1000);
    const until = Date.now();
    await dispatcher.stop();

    const received: Reception[] = [];
    for (let cursor: number | null = 0; cursor !== null; ) {
      const page = await control(`/ledger/messages?limit=5000&cursor=${cursor}`);
      received.push(...page.messages);
      cursor = page.next_cursor;
    }
    const achieved = sessions.map(({ actor, ratePerS }) => {
      const at = received
        .filter(({ sender, received_at_ms }) => sender === actor.number && received_at_ms !== null)
        .map(({ received_at_ms }) => received_at_ms!)
        .filter((ms) => ms >= from && ms <= until);
      return achievedShare(at, ratePerS);
    });
    const { rate_violations, max_lag_ms } = simulator.ledger();
    rig.log(
      `  of ${ratesPerS.join(", ")} per s achieved ${achieved.map((share) => rounded(share, 4)).join(", ")}; ` +
        `${rate_violations} violations, the judge looked away for ${Math.round(max_lag_ms)} ms at most`,
    );
    return { pace_achieved_min: rounded(Math.min(...achieved), 4), rate_violations };
  } finally {
    await simulator.close();
    receiver.close();
    receiver.closeAllConnections();
    await schedule.drop();
  }
}

type Reception = { sender: string; received_at_ms: number | null };
