/** The tenants and sessions of a bench: made, sealed and published as session-manager would. */
import { randomBytes } from "node:crypto";
import { type Codec, compactedKey, partition, type SessionState, topics } from "@wamesh/events";
import type { OutgoingRecord, Producer } from "@wamesh/kafka";
import { outgoing, sessionState, tenantConfig } from "@wamesh/testing";
import { createVault, type RingKey } from "@wamesh/vault";

/** What a bench has to know of a session to give it work. `number` is what the provider knows it by. */
export type Actor = { tenant: string; session: string; account: string; number: string; shard: number };

export type Cast = {
  /** Actors of the given tenants in turn, each session with this rate. Known to every dispatcher started afterwards. */
  sessions(options: { count: number; tenants: number; ratePerS: number; name: string }): Promise<Actor[]>;
  /** A suspended tenant's messages wait. Dispatchers that run hear of it within a moment. */
  setTenant(tenant: string, state: "active" | "suspended"): Promise<void>;
  /** Ring of the dispatcher that is to open the credentials. */
  credentialKeys: string;
};

export function createCast(deps: { producer: Producer; codec: Codec; partitions: number }): Cast {
  const { producer, codec, partitions } = deps;
  const ringKey: RingKey = { id: "bench", key: randomBytes(32) };
  const vault = createVault({ ring: [ringKey] });
  // Servers given by the environment may remember other runs, whose credentials another key sealed.
  const run = randomBytes(3).toString("hex");
  const versions = new Map<string, number>();
  let made = 0;

  function tenantRecord(tenant: string, state: "active" | "suspended"): OutgoingRecord {
    const version = (versions.get(tenant) ?? 0) + 1;
    versions.set(tenant, version);
    const value = codec.encode(topics.tenantConfig, tenantConfig({ tenant, state, version }));
    return outgoing(topics.tenantConfig, value, {
      tenant,
      partitions,
      key: compactedKey(tenant, "tenant", tenant),
    });
  }

  function sessionRecord(actor: Actor, ratePerS: number): OutgoingRecord {
    const { tenant, session } = actor;
    const plaintext = Buffer.from(JSON.stringify({ kind: "cloud_api", accessToken: "bench" }));
    const sealed = vault.seal({ tenant, session, version: 1, plaintext });
    const record: SessionState = sessionState({
      tenant,
      session,
      account: actor.account,
      account_ref: `waba-${actor.account}`,
      provider_ref: actor.number,
      rate_per_s: ratePerS,
      credentials: {
        ...sealed,
        wrapped_key: Buffer.from(sealed.wrapped_key),
        nonce: Buffer.from(sealed.nonce),
        ciphertext: Buffer.from(sealed.ciphertext),
      },
    });
    const key = compactedKey(tenant, "session", session);
    return outgoing(topics.sessionState, codec.encode(topics.sessionState, record), {
      tenant,
      partitions,
      key,
    });
  }

  return {
    credentialKeys: `${ringKey.id}:${Buffer.from(ringKey.key).toString("base64")}`,
    async sessions({ count, tenants, ratePerS, name }) {
      const actors = Array.from({ length: count }, (_, i): Actor => {
        const tenant = `bench-${run}-${name}-${i % tenants}`;
        const session = `${tenant}-${i}`;
        const shard = partition(tenant, partitions);
        return {
          tenant,
          session,
          account: `account-${session}`,
          number: String(1_000_000_000 + made++),
          shard,
        };
      });
      const names = [...new Set(actors.map(({ tenant }) => tenant))];
      await producer.send(names.map((tenant) => tenantRecord(tenant, "active")));
      for (let at = 0; at < actors.length; at += 1000)
        await producer.send(actors.slice(at, at + 1000).map((actor) => sessionRecord(actor, ratePerS)));
      return actors;
    },
    setTenant: (tenant, state) => producer.send([tenantRecord(tenant, state)]),
  };
}
