/** The store path alone: admit → claim → outcome → published on Postgres, in this process, with a send that accepts at once. */
import { createPacer, type Item, type NewItem } from "@wamesh/pacer";
import { connect } from "@wamesh/store";
import { until } from "@wamesh/testing";
import type { DispatchFigures } from "../figures.ts";
import type { Rig } from "../rig.ts";
import { schema } from "../schedule.ts";

const shards = 4;
const membersPerShard = 13;
const tenants = 10;
const batchSize = 500;
const payload = { text: "x".repeat(1000) };

export async function storePath(rig: Rig): Promise<Partial<DispatchFigures>> {
  const messages = rig.sizes.storeMessages;
  const schedule = await rig.schedule();
  const sql = connect({
    url: schedule.appUrl,
    schema,
    max: 12,
    applicationName: "bench",
    avoidTableScans: true,
  });
  let isOver = true;
  const troubles: string[] = [];
  let events = 0;
  const pacer = createPacer({
    sql,
    schema,
    owner: "bench",
    random: Math.random,
    log: (fields) => {
      if (!isOver) troubles.push(JSON.stringify(fields));
    },
    member: (id) => ({
      tenant: tenantOf(id),
      account: id,
      ratePerS: 1000,
      state: "open",
      weight: 1,
      heldReason: null,
    }),
    async send(item) {
      return { kind: "accepted", providerId: `p-${item.id}` };
    },
    describe: ({ id, n }: Item, change) => Buffer.from(JSON.stringify({ id, n, change })),
    async publish(rows) {
      events += rows.length;
    },
  });
  // Each is published twice: queued, and sent.
  const round = async (from: number) => {
    await Promise.all(
      Array.from({ length: shards }, async (_, shard) => {
        for (let at = from / shards; at < (from + messages) / shards; at += batchSize) {
          const items = Array.from({ length: batchSize }, (_, i) => itemOf(shard, at + i));
          const nextOffset = String(at + batchSize);
          await pacer.admit({ shard, cluster: "bench", topic: "bench", partition: shard, nextOffset, items });
        }
      }),
    );
    await until(() => events >= 2 * (from + messages), { withinMs: 300_000, everyMs: 2 });
  };
  try {
    for (let shard = 0; shard < shards; shard++) pacer.own(shard);
    await until(() => pacer.owned().size === shards, { everyMs: 5 });
    isOver = false;
    await round(0);
    await schedule.broughtIntoUse();
    const cpu = process.cpuUsage();
    const postgresCpu = rig.postgresCpuUs();
    const begun = performance.now();
    await round(messages);
    const ms = performance.now() - begun;
    isOver = true;
    for (const trouble of troubles) rig.log(`  ${trouble}`);
    const { user, system } = process.cpuUsage(cpu);
    const per = (us: number) => Math.round(us / messages);
    rig.log(
      `  ${messages} messages in ${Math.round(ms)} ms; ` +
        `CPU µs per message: node ${per(user + system)}, Postgres ${per(rig.postgresCpuUs() - postgresCpu)}`,
    );
    return { store_path_per_s: Math.round((messages * 1000) / ms) };
  } finally {
    await pacer.stop();
    await sql.end({ timeout: 2 });
  }
}

function itemOf(shard: number, i: number): NewItem {
  const member = `s${shard * 1000 + (i % membersPerShard)}`;
  return {
    id: `${member}/${i}`,
    tenant: tenantOf(member),
    account: member,
    member,
    lane: "standard",
    stream: null,
    topic: "bench",
    offset: String(i),
    conversation: `${member}:c${i}`,
    nextAt: null,
    notAfter: Date.now() + 3_600_000,
    doubtPolicy: "fail_unknown",
    fingerprint: "f",
    payload,
  };
}

function tenantOf(member: string): string {
  return `t${Number(member.slice(1)) % tenants}`;
}
