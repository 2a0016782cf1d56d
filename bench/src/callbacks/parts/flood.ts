/**
 * The receipts of a broadcast all within seconds, shuffled and some of them doubled: first the intake by itself, whose answers
 * are timed; then with everything that reads them beside it, while the receiver is killed twice. What the read model says
 * afterwards is compared with what it says of an equal set whose receipts came one after the other, in order.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { until } from "@wamesh/testing";
import { seededRandom } from "@wamesh/testing/outside";
import { percentile, rounded } from "../../statistics.ts";
import type { CallbackFigures } from "../figures.ts";
import { modelOf, receiptsIn } from "../model.ts";
import { asAFlood, postOf } from "../posts.ts";
import { inTurn, openProvider, spread } from "../provider.ts";
import { receiptsOf } from "../receipts.ts";
import type { Rig, Sent } from "../rig.ts";

/** How long until the read model has taken up what was posted. */
const patience = { withinMs: 180_000, everyMs: 500, what: "all receipts in the read model" };

export async function flood(rig: Rig): Promise<Partial<CallbackFigures>> {
  const { messages, burstMs, batch } = rig.sizes;
  const random = seededRandom(1);
  const actors = await rig.cast.sessions({ name: "flood", count: 50, tenants: 10, ratePerS: 80 });
  const receiver = await rig.receiver();
  const path = `/callbacks/cloud-api/${rig.app.id}`;
  const provider = openProvider(receiver.url()!, path, 256);
  let readers: Awaited<ReturnType<Rig["readers"]>> | null = null;
  try {
    const [ordered, burst, killed] = [
      await rig.messages(actors, messages),
      await rig.messages(actors, messages),
      await rig.messages(actors, messages),
    ];
    const all = receiptsOf(ordered).length;
    const taken = (sent: readonly Sent[]) =>
      until(async () => (await receiptsIn(rig.sql, sent)) === all, patience);
    const floodOf = (sent: readonly Sent[]) =>
      asAFlood(receiptsOf(sent), random).map((receipt) => postOf(rig.app, [receipt]));

    const flooding = floodOf(burst);
    const took = await spread(flooding, burstMs, provider.post);
    rig.log(
      `  ${flooding.length} POSTs over ${burstMs} ms: p50 ${rounded(percentile(took, 0.5), 1)}, ` +
        `p99 ${rounded(percentile(took, 0.99), 1)} ms`,
    );

    readers = await rig.readers();
    const inOrder = receiptsOf(ordered);
    const posts = [];
    for (let at = 0; at < inOrder.length; at += batch)
      posts.push(postOf(rig.app, inOrder.slice(at, at + batch)));
    await inTurn(posts, 1, provider.post);
    await taken(ordered);
    const model = await modelOf(rig.sql, ordered);

    const killing = (async () => {
      for (let i = 0; i < 2; i++) {
        await sleep(burstMs / 4);
        await receiver.kill();
        await receiver.start();
      }
    })();
    let repeated = 0;
    await spread(floodOf(killed), burstMs, async (post) => {
      const times = await provider.insist(post);
      repeated += times;
    });
    await killing;
    // What is missing after all patience is lost, and counted as that.
    for (const sent of [burst, killed]) await taken(sent).catch(() => {});
    const found = (await receiptsIn(rig.sql, burst)) + (await receiptsIn(rig.sql, killed));
    const models = await Promise.all([burst, killed].map((sent) => modelOf(rig.sql, sent)));
    const different = models.flatMap((lines) => lines.filter((line, i) => line !== model[i]));
    rig.log(`  killed twice: ${repeated} POSTs repeated; ${different.length} messages told otherwise`);
    return {
      burst_p99_ms: rounded(percentile(took, 0.99), 1),
      lost: 2 * all - found,
      model_equal: different.length === 0,
    };
  } finally {
    await provider.close();
    await receiver.stop();
    await readers?.stop();
  }
}
