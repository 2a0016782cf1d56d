/** What people wrote, for one tenant. */
import type { Tx } from "@wamesh/store";
import { type After, type Period, within } from "./by-time.ts";

export type InboundRow = {
  tenant: string;
  event_id: string;
  session: string;
  provider: string | null;
  conversation_id: string;
  sender_kind: string;
  sender: string;
  sender_name: string | null;
  identities: { kind: string; value: string }[];
  group_id: string | null;
  kind: string;
  text: string | null;
  media_provider_id: string | null;
  media_url: string | null;
  media_mime_type: string | null;
  media_sha256: string | null;
  media_bytes: number | null;
  media_file_name: string | null;
  media_voice: boolean | null;
  preference_scope: string | null;
  preference_opted_out: boolean | null;
  provider_id: string;
  answers_message_id: string | null;
  answers_provider_id: string | null;
  occurred_at: Date;
  recorded_at: Date;
};

export type InboundFilter = Period & {
  session?: string | undefined;
  /** Any name of the person. */
  recipient?: string | undefined;
  kind?: string | undefined;
};

/** Newest first. */
export async function listInbound(
  tx: Tx,
  tenant: string,
  filter: InboundFilter,
  after: After,
  limit: number,
): Promise<InboundRow[]> {
  const { session, recipient, kind } = filter;
  return await tx<InboundRow[]>`
    select t.*, array(
      select jsonb_build_object('kind', i.kind, 'value', i.value) from inbound_identity i
      where i.tenant = t.tenant and i.event_id = t.event_id order by i.place, i.value
    ) as identities
    from inbound t
    where tenant = ${tenant}
      ${session === undefined ? tx`` : tx`and session = ${session}`}
      ${kind === undefined ? tx`` : tx`and kind = ${kind}`}
      ${
        recipient === undefined
          ? tx``
          : tx`and event_id in (select event_id from inbound_identity where tenant = ${tenant} and value = ${recipient})`
      }
      ${within(tx, filter, after)}
    order by occurred_at desc, event_id desc
    limit ${limit}`;
}
