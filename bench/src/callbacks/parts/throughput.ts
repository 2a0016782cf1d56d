/** How many items a receiver makes durable, one in a POST and many as Meta batches them, and what that costs beside verifying alone. */
import { cpuUs } from "@wamesh/testing/outside";
import { pairedRatio } from "../../report.ts";
import { percentile, rounded } from "../../statistics.ts";
import type { CallbackFigures } from "../figures.ts";
import { type Post, postOf } from "../posts.ts";
import { inTurn, openProvider } from "../provider.ts";
import { receiptsOf } from "../receipts.ts";
import { firstSentAt, type Rig } from "../rig.ts";

const connections = 64;

/** So many receipts of messages that nobody knows: what the receiver does is the same. */
async function someReceipts(rig: Rig, count: number) {
  const actors = await rig.cast.sessions({ name: "throughput", count: 50, tenants: 10, ratePerS: 80 });
  const sent = Array.from({ length: Math.ceil(count / 3) }, (_, i) => ({
    messageId: `00000000-0000-8000-8000-${String(firstSentAt + i).slice(-12)}`,
    actor: actors[i % actors.length]!,
  }));
  return receiptsOf(sent).slice(0, count);
}

export async function throughput(rig: Rig): Promise<Partial<CallbackFigures>> {
  const { items, batch } = rig.sizes;
  const receipts = await someReceipts(rig, items);
  const receiver = await rig.receiver();
  const provider = openProvider(receiver.url()!, `/callbacks/cloud-api/${rig.app.id}`, connections);
  try {
    const single = receipts.map((receipt) => postOf(rig.app, [receipt]));
    const batched: Post[] = [];
    for (let at = 0; at < receipts.length; at += batch)
      batched.push(postOf(rig.app, receipts.slice(at, at + batch)));
    await inTurn(single.slice(0, items / 10), connections, provider.post);

    let begun = performance.now();
    let cpu = cpuUs(receiver.pid());
    const took = await inTurn(single, connections, provider.post);
    const perSecond = (items * 1000) / (performance.now() - begun);
    const singleUs = (cpuUs(receiver.pid()) - cpu) / items;
    begun = performance.now();
    cpu = cpuUs(receiver.pid());
    // Two at once: Meta opens few connections, and each POST holds much.
    await inTurn(batched, 4, provider.post);
    const batchedPerSecond = (items * 1000) / (performance.now() - begun);
    const batchedUs = (cpuUs(receiver.pid()) - cpu) / items;
    rig.log(
      `  one in a POST: ${Math.round(perSecond)} items/s, p50 ${rounded(percentile(took, 0.5), 1)} ms, ` +
        `${rounded(singleUs, 0)} µs of CPU each; ${batch} in a POST: ${Math.round(batchedPerSecond)} items/s, ` +
        `${rounded(batchedUs, 0)} µs each`,
    );
    return {
      callbacks_per_s: Math.round(perSecond),
      callbacks_batched_per_s: Math.round(batchedPerSecond),
      p99_ms: rounded(percentile(took, 0.99), 1),
    };
  } finally {
    await provider.close();
    await receiver.stop();
  }
}

export async function ratioToBare(rig: Rig): Promise<Partial<CallbackFigures>> {
  const { pairs, pairPosts } = rig.sizes;
  const posts = (await someReceipts(rig, pairPosts)).map((receipt) => postOf(rig.app, [receipt]));
  const path = `/callbacks/cloud-api/${rig.app.id}`;
  const [receiver, bare] = [await rig.receiver(), await rig.bare()];
  const providers = [receiver.url()!, bare.url].map((url) => openProvider(url, path, connections));
  try {
    const rate = (nth: number) => async () => {
      const begun = performance.now();
      await inTurn(posts, connections, providers[nth]!.post);
      return (posts.length * 1000) / (performance.now() - begun);
    };
    const { a, b, ratio } = await pairedRatio(pairs, rate(0), rate(1));
    rig.log(`  receiver ${Math.round(a)} POSTs/s, verifying alone ${Math.round(b)}`);
    return { ratio_to_bare: rounded(ratio, 2) };
  } finally {
    for (const provider of providers) await provider.close();
    await receiver.stop();
    await bare.stop();
  }
}
