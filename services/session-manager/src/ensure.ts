/** What must exist before the first request: the operator's tenant and key, the plan tenants get unless told otherwise. */
import { type Changer, operatorTenant, ourselves } from "./change.ts";
import type { KeyParts } from "./key-material.ts";
import { createKey } from "./keys.ts";
import { createPlan } from "./plans.ts";
import { keyRecord, markerRecord } from "./records.ts";
import type { KeyRow, PlanRow } from "./rows.ts";
import { createTenant, defaultSettings } from "./tenants.ts";

export const standardPlan: PlanRow = {
  id: "standard",
  weight: 10,
  per_minute: null,
  per_day: null,
  max_queued: 1_000_000,
  bulk: true,
  requests_per_s: null,
  otp_per_recipient: null,
  otp_per_prefix: null,
};

export type OperatorKey = "created" | "kept" | "replaced" | "revoked";

/**
 * Ensures them, and writes one marker to each partition of the configuration topic: it lies behind everything published
 * before, so whoever reads it has seen all of that. Run by any number of instances at once; each row is made once.
 */
export async function ensureGround(deps: {
  changer: Changer;
  /** First key, and the HMACs of its secret. */
  operatorKey: KeyParts;
  hashes: string[];
  partitions: number;
}): Promise<OperatorKey> {
  return await deps.changer.change("all", ourselves, async (change) => {
    // One instance after the other: two first starts must not both create the key.
    await change.tx`select pg_advisory_xact_lock(7202)`;
    await createPlan(change, standardPlan, operatorTenant);
    await createTenant(change, {
      id: operatorTenant,
      name: "Operator",
      parent: null,
      is_agency: false,
      is_operator: true,
      max_children: null,
      plan: standardPlan.id,
      settings: defaultSettings,
      brand: null,
    });
    const outcome = await ensureKey();
    for (let partition = 0; partition < deps.partitions; partition++)
      change.tenantConfig(markerRecord(operatorTenant, partition, change.nowMs), partition);
    return outcome;

    async function ensureKey(): Promise<OperatorKey> {
      const { tx } = change;
      const { id } = deps.operatorKey;
      const [row] = await tx<KeyRow[]>`select * from api_key where id = ${id} for update`;
      if (row === undefined) {
        const { hashes } = deps;
        await createKey(change, {
          id,
          tenant: operatorTenant,
          label: "first operator key",
          secret_hashes: hashes,
          scopes: ["*"],
          expires_at: null,
        });
        return "created";
      }
      // Revoked through the API, it may have leaked: a restart with the old settings must not bring it back.
      if (row.state === "revoked") return "revoked";
      if (row.tenant !== operatorTenant)
        throw new Error(
          `WAMESH_OPERATOR_KEY names the key ${id}, which belongs to another tenant: choose another id`,
        );
      if (row.secret_hashes.join() === deps.hashes.join()) return "kept";
      const [changed] = await tx<KeyRow[]>`
        update api_key set secret_hashes = ${deps.hashes}, version = version + 1, changed_at = clock_timestamp()
        where id = ${id}
        returning *`;
      change.tenantConfig(keyRecord(changed!));
      return "replaced";
    }
  });
}
