/**
 * The store path alone: admit → claim → outcome → published, against a provider that accepts at once.
 * `WAMESH_POSTGRES_URL=… node packages/pacer/test/throughput.ts [messages] [members] [shards]`
 */
import { batch, bench, freshSchedule, item, member } from "./schedule.ts";

const [messages = 20_000, members = 50, shards = 4] = process.argv.slice(2).map(Number);
const schedule = await freshSchedule(process.env.WAMESH_POSTGRES_URL);
const { pacer, published, logs } = bench(schedule, {
  members: (id) => member({ tenant: `t${Number(id.slice(1)) % 10}`, account: id, ratePerS: 1000 }),
});
for (let shard = 0; shard < shards; shard++) pacer.own(shard);
const body = Buffer.alloc(1_000, "x");
const startedAt = performance.now();
const cpu = process.cpuUsage();
await Promise.all(
  Array.from({ length: shards }, async (_, shard) => {
    const mine = Array.from({ length: messages / shards }, (_, i) => i);
    for (let at = 0; at < mine.length; at += 500) {
      const items = mine.slice(at, at + 500).map((i) => {
        const id = `s${shard * 1000 + (i % Math.ceil(members / shards))}`;
        const payload = body;
        return { ...item({ id: `${id}/c${i}/${i}` }), tenant: `t${Number(id.slice(1)) % 10}`, payload };
      });
      await pacer.admit(batch(items, { shard }));
    }
  }),
);
const admittedAt = performance.now();
while (published.length < 2 * messages) await new Promise((resolve) => setTimeout(resolve, 5));
const seconds = (performance.now() - startedAt) / 1000;
const { user, system } = process.cpuUsage(cpu);
console.log({
  messages,
  per_s: Math.round(messages / seconds),
  admit_per_s: Math.round(messages / ((admittedAt - startedAt) / 1000)),
  node_cpu_us_per_message: Math.round((user + system) / messages),
  dwell: pacer.snapshot().dwellMs.standard,
  lost: logs.filter(({ event }) => event !== "shard_acquired").length,
});
await pacer.stop();
await schedule.end();
