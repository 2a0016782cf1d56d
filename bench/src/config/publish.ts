/** Configuration as session-manager writes it: each session was made, then connected; credentials are sealed. */
import { randomBytes } from "node:crypto";
import { type Codec, compactedKey, type SessionState, type TenantConfig, topics } from "@wamesh/events";
import type { OutgoingRecord, Producer } from "@wamesh/kafka";
import { keyConfig, outgoing, sessionState, tenantConfig } from "@wamesh/testing";
import { createVault } from "@wamesh/vault";

const perSend = 1_000;

export async function publishConfig(
  { codec, producer, partitions }: { codec: Codec; producer: Producer; partitions: number },
  count: { tenants: number; sessions: number },
): Promise<void> {
  const vault = createVault({ ring: [{ id: "bench", key: randomBytes(32) }] });
  const records: OutgoingRecord[] = [];
  const config = (record: TenantConfig) => {
    const key = compactedKey(record.tenant, record.kind, record.id);
    const at = { tenant: record.tenant, partitions, key };
    records.push(outgoing(topics.tenantConfig, codec.encode(topics.tenantConfig, record), at));
  };
  const state = (record: SessionState) => {
    const key = compactedKey(record.tenant, "session", record.session);
    const at = { tenant: record.tenant, partitions, key };
    records.push(outgoing(topics.sessionState, codec.encode(topics.sessionState, record), at));
  };
  for (let n = 0; n < count.tenants; n++) {
    const tenant = `tenant-${n}`;
    config(tenantConfig({ tenant }));
    const secret_hashes = [`p1:${randomBytes(32).toString("hex")}`];
    config(
      keyConfig({ tenant, id: randomBytes(6).toString("hex"), key_record: { secret_hashes, scopes: ["*"] } }),
    );
  }
  for (let n = 0; n < count.sessions; n++) {
    const tenant = `tenant-${n % count.tenants}`;
    const session = `ses_${randomBytes(8).toString("hex")}`;
    const made = sessionState({
      tenant,
      session,
      status: "connecting",
      account: `acc_${randomBytes(8).toString("hex")}`,
      account_ref: String(200_000_000_000_000 + n),
      provider_ref: String(300_000_000_000_000 + n),
      phone: `+1555${String(n).padStart(7, "0")}`,
      credentials: vault.seal({ tenant, session, version: 1, plaintext: randomBytes(220) }),
    });
    state(made);
    state({ ...made, version: 2, status: "connected" });
  }
  for (let at = 0; at < records.length; at += perSend) await producer.send(records.slice(at, at + perSend));
}
