/**
 * Callbacks become statuses, replies and session events; what can't be placed yet is parked until its reference is known.
 *
 * Twice is harmless everywhere here: records are produced before anything is committed or unparked, with ids derived from
 * what they say, so the second time makes the same records; parking and remembering are upserts.
 */
import { type MessageStatus, type ProviderCallback, recipientToken } from "@wamesh/events";
import type { OutgoingRecord } from "@wamesh/kafka";
import { type Fact, type Inbound, type ParsedCallback, parseCallback } from "@wamesh/providers";
import type { Owners } from "../../owners.ts";
import type { Records } from "../../records.ts";
import { continueWith, type Trace, type TraceOf, untraced } from "../traces.ts";
import { inboundOf, type Owner } from "./inbound.ts";
import { outlineOf } from "./outline.ts";
import { type OwnMessage, recognisable } from "./own-message.ts";
import { keyStatus, lookupOf, type Receipt, statusOf } from "./receipt.ts";
import { createReceiptTrouble } from "./receipt-trouble.ts";
import { lookedUpOf, lookups, lookupsOf, type Reference, referenceOf } from "./reference.ts";
import { type SessionWord, sendFailedOf, sessionEventOf, unknownFact } from "./session-event.ts";
import type { CallbackStore, Parked } from "./store.ts";

/** What may have to wait: parked as JSON, so it names people by token only. */
type Waiting = Receipt | OwnMessage;
type OwnFailure = Extract<ParsedCallback, { kind: "own_failure" }>;
type Said = Waiting | Inbound | SessionWord | Fact | OwnFailure;

/** One thing that a callback says, with its owner. */
type Item<Parsed extends Said = Said> = {
  callbackId: string;
  index: number;
  owner: Owner;
  /** The provider's reference of the number it came for. */
  number: string | null;
  receivedAt: number;
  /** Of the request it came with. */
  trace: Trace;
  parsed: Parsed;
};

export type Understanding = ReturnType<typeof createUnderstanding>;

export function createUnderstanding(deps: {
  store: CallbackStore;
  records: Pick<Records, "status" | "inbound" | "sessionEvent">;
  produce: (records: OutgoingRecord[]) => Promise<void>;
  /** Ring of token keys, newest first: a message may have been accepted under an older one. */
  tokenKeys: readonly string[];
  /** The provider's reference of a session's number, also of a deleted session. */
  numberOf: (session: string) => string | undefined;
  owners: Pick<Owners, "sessionByDigits">;
  /** Counts what is not understood, by provider and name. */
  unknown: (provider: string, name: string) => void;
  parked?: (items: number) => void;
}) {
  const { store, records } = deps;
  const newestKey = deps.tokenKeys[0]!;
  const trouble = createReceiptTrouble();

  return {
    /** A batch of callbacks, in order. Resolves when all they say is in Kafka or parked. */
    async callbacks(batch: readonly ProviderCallback[], traceOf: TraceOf = untraced): Promise<void> {
      const items = batch.flatMap((callback) => itemsOf(callback, traceOf(callback)));
      const first = await place(items);
      await store.park(first.unplaced.flatMap(parkedRows));
      // Parked first and asked for again afterwards: a reference that became known in between is found by one of the two.
      const second =
        first.unplaced.length === 0 ? nothing : await place(first.unplaced.map(({ item }) => item));
      await deps.produce([...first.out, ...second.out]);
      const still = new Set(second.unplaced.map(({ item }) => item));
      deps.parked?.(still.size);
      await store.unpark(
        first.unplaced.filter(({ item }) => !still.has(item)).map(({ item }) => rowOf(item)),
      );
      await release([...first.freed, ...second.freed]);
    },

    /** A batch of the dispatcher's statuses: what they are about becomes known, and what waited for it goes on. */
    async statuses(batch: readonly MessageStatus[], traceOf: TraceOf = untraced): Promise<void> {
      const references = batch
        .map((status) => referenceOf(status, traceOf(status)))
        .filter((reference) => reference !== null);
      const lookedUp = batch
        .map((status) => lookedUpOf(status, traceOf(status)))
        .filter((reference) => reference !== null);
      if (references.length + lookedUp.length === 0) return;
      await store.remember(references);
      for (const reference of lookedUp) await store.learn(reference);
      await release([
        ...[...references, ...lookedUp].flatMap(lookupsOf),
        // Its own-message event may have come meanwhile, and matched nothing.
        ...lookedUp.map(({ session, recipient_token }) => lookups.ownMessage(session, recipient_token)),
      ]);
    },
  };

  /** Takes up what waits for these. An own message matched here may free receipts in turn, hence the loop. */
  async function release(keys: readonly string[]): Promise<void> {
    let wanted = keys;
    while (wanted.length > 0) {
      const rows = await store.waitingFor(wanted);
      const items = rows.map((row) => JSON.parse(row.body) as Item<Waiting>);
      const { out, unplaced, freed } = await place(items);
      await deps.produce(out);
      const still = new Set<Item>(unplaced.map(({ item }) => item));
      await store.unpark(items.filter((item) => !still.has(item)).map(rowOf));
      wanted = freed;
    }
  }

  type Unplaced = { item: Item<Waiting>; lookups: string[] };
  type Placed = {
    out: OutgoingRecord[];
    unplaced: Unplaced[];
    freed: string[];
    /** Ids of the troubles that are among `out`. */
    troubles: Set<string>;
  };

  async function place(items: readonly Item[]): Promise<Placed> {
    const placed: Placed = { out: [], unplaced: [], freed: [], troubles: new Set() };
    // Own messages first and one after the other: "first unmatched in send order" is a decision per message, and the
    // receipts beside it may be about the very key.
    for (const item of items) if (isOwnMessage(item)) await placeOwnMessage(item, placed);
    const found = await references(items);
    for (const item of items) {
      const { parsed, owner, receivedAt } = item;
      switch (parsed.kind) {
        case "receipt":
          placeReceipt(item as Item<Receipt>, found, placed);
          break;
        case "inbound": {
          const answered = answeredBy(owner.session, parsed, found);
          const context = { receivedAt, tokenKey: newestKey, answersMessageId: answered?.message_id ?? null };
          placed.out.push(records.inbound(inboundOf(parsed, owner, context)));
          break;
        }
        case "fact":
        case "session_status": {
          const id = `${item.callbackId}/${item.index}`;
          placed.out.push(records.sessionEvent(sessionEventOf(parsed, owner, id, receivedAt)));
          break;
        }
        case "own_failure": {
          // Names neither key nor message: it can't be attributed here, where not all that is on its way is known.
          const id = `${item.callbackId}/${item.index}`;
          placed.out.push(records.sessionEvent(sendFailedOf(parsed, owner, id, receivedAt)));
          break;
        }
        case "own_message":
          break;
      }
    }
    return placed;
  }

  async function placeOwnMessage(item: Item<OwnMessage>, placed: Placed): Promise<void> {
    const { session } = item.owner;
    const { providerKey: key, recipientTokens, contentTokens } = item.parsed;
    const reference = await store.match({
      session,
      key,
      recipientTokens,
      contentTokens,
      receivedAt: item.receivedAt,
    });
    if (reference === null) {
      const waitsFor = recipientTokens.map((token) => lookups.ownMessage(session, token));
      placed.unplaced.push({ item, lookups: waitsFor });
    } else {
      placed.out.push(records.status(keyStatus(reference, key, item.receivedAt)));
      placed.freed.push(lookups.providerKey(session, key));
    }
  }

  function placeReceipt(item: Item<Receipt>, found: ReadonlyMap<string, Reference>, placed: Placed): void {
    const { parsed, owner } = item;
    const lookup = lookupOf(owner.session, parsed);
    const reference = lookup === null ? undefined : found.get(lookup);
    if (lookup === null) deps.unknown(owner.provider, "receipt without an id");
    else if (reference === undefined) placed.unplaced.push({ item, lookups: [lookup] });
    else if (isAbout(reference, item)) {
      const status = statusOf(parsed, reference, item.receivedAt);
      placed.out.push(
        continueWith(records.status(status), `receipt ${parsed.status}`, {
          message: reference.trace,
          // Parked by a release that knew nothing of traces.
          callback: item.trace ?? null,
          attributes: { "wamesh.message_id": status.message_id, "wamesh.tenant": status.tenant },
        }),
      );
      const event = trouble(parsed, reference, item.receivedAt);
      if (event === null || placed.troubles.has(event.event_id)) return;
      placed.troubles.add(event.event_id);
      placed.out.push(records.sessionEvent(event));
    } else deps.unknown(owner.provider, "receipt of another session's message");
  }

  /**
   * An echo comes from outside: it may name messages of its own number only, or a tenant could make up receipts for
   * another's. The number may have got a new session, of whichever tenant, since the message left.
   */
  function isAbout(reference: Reference, { owner, number }: Item): boolean {
    if (reference.session === owner.session) return true;
    return (
      reference.provider === owner.provider && number !== null && deps.numberOf(reference.session) === number
    );
  }

  /** References by every lookup that the items name, in one query. */
  async function references(items: readonly Item[]): Promise<Map<string, Reference>> {
    const messages = new Set<string>();
    const ids: { session: string; id: string }[] = [];
    const keys: { session: string; id: string }[] = [];
    for (const { parsed, owner } of items) {
      if (parsed.kind === "receipt") {
        if (parsed.echo !== null) messages.add(parsed.echo.messageId);
        else if (parsed.providerId !== null) ids.push({ session: owner.session, id: parsed.providerId });
        else if (parsed.providerKey !== null) keys.push({ session: owner.session, id: parsed.providerKey });
      }
      if (parsed.kind === "inbound" && parsed.contextProviderId !== null) {
        // The Cloud API quotes its wamid, WasenderApi WhatsApp's key.
        const named = { session: owner.session, id: parsed.contextProviderId };
        if (owner.provider === "wasender") keys.push(named);
        else ids.push(named);
      }
    }
    const map = new Map<string, Reference>();
    for (const reference of await store.find({ messages: [...messages], ids, keys })) {
      map.set(lookups.message(reference.message_id), reference);
      if (reference.provider_id !== null)
        map.set(lookups.providerId(reference.session, reference.provider_id), reference);
      if (reference.provider_key !== null)
        map.set(lookups.providerKey(reference.session, reference.provider_key), reference);
    }
    return map;
  }

  /** What a callback says, part by part. One that names no number speaks of an account as a whole. */
  function itemsOf(callback: ProviderCallback, trace: Trace): Item[] {
    const { tenant, session, account, provider } = callback;
    if (provider === "UNKNOWN" || tenant === null) return [];
    const owner: Owner = { tenant, session: session ?? "", account: account ?? "", provider };
    return parseCallback(provider, callback.body).flatMap((said, index) => {
      const parsed = saidOf(session === null ? ofAccount(said, callback.body) : said, owner);
      const { callback_id: callbackId, provider_ref: number, received_at: receivedAt } = callback;
      if (parsed === null) return [];
      const whose = narrowed(owner, number, parsed);
      return [{ callbackId, index, owner: whose, number, receivedAt, trace, parsed }];
    });
  }

  /** Of an account only facts can be told. A message or receipt whose number is missing is nobody's: it must not be guessed. */
  function ofAccount(said: ParsedCallback, body: string): ParsedCallback {
    if (said.kind === "fact" || said.kind === "no_news" || said.kind === "other") return said;
    return { kind: "other", name: `${said.kind} without a number`, payload: body };
  }

  /** Some of Meta's fields name their number only as people write it. */
  function narrowed(owner: Owner, accountRef: string | null, said: Said): Owner {
    const digits = said.kind === "fact" ? said.numberDigits : null;
    if (owner.session !== "" || digits === null || accountRef === null || owner.provider === "UNKNOWN")
      return owner;
    const found = deps.owners.sessionByDigits(owner.provider, accountRef, digits);
    // Whose it is was decided when it came in.
    const isTheirs = found?.tenant === owner.tenant && found.account === owner.account;
    return isTheirs ? { ...owner, session: found.session ?? "" } : owner;
  }

  /** Null for what nothing follows from; it is counted, and its bytes stay in the callback topic for three days. */
  function saidOf(said: ParsedCallback, owner: Owner): Said | null {
    switch (said.kind) {
      case "receipt": {
        const { recipientDigits: _, participant, ...receipt } = said;
        return {
          ...receipt,
          participant: participant === null ? null : participantToken(owner.tenant, participant),
        };
      }
      case "own_message": {
        if (said.success) return recognisable(said, owner.tenant, deps.tokenKeys);
        deps.unknown(owner.provider, "own message that failed");
        return null;
      }
      case "no_news":
        deps.unknown(owner.provider, said.name);
        return null;
      case "other": {
        const name = said.name.slice(0, maxNameChars).replace(/\d{5,}/g, "…");
        deps.unknown(owner.provider, name);
        return unknownFact(name, outlineOf(said.payload));
      }
      case "inbound":
        // Kept whole in the record, as `other`.
        if (said.messageKind === "other") deps.unknown(owner.provider, said.providerKind);
        return said;
      case "fact":
      case "session_status":
      case "own_failure":
        return said;
    }
  }

  function participantToken(tenant: string, participant: string): string {
    const digits = /^\+?(\d{5,15})(?=$|[@:])/.exec(participant)?.[1];
    const person =
      digits === undefined
        ? { kind: "participant", value: participant }
        : { kind: "phone", value: `+${digits}` };
    return recipientToken(newestKey, tenant, person);
  }

  function parkedRows({ item, lookups: waitsFor }: Unplaced): Parked[] {
    const body = JSON.stringify(item);
    return waitsFor.map((lookup) => ({ ...rowOf(item), lookup, body }));
  }
}

/** A provider's names are short; what is not known may be anything. */
const maxNameChars = 100;

const nothing = { out: [], unplaced: [], freed: [] };

function isOwnMessage(item: Item): item is Item<OwnMessage> {
  return item.parsed.kind === "own_message";
}

function answeredBy(
  session: string,
  { contextProviderId: id }: Inbound,
  found: ReadonlyMap<string, Reference>,
): Reference | undefined {
  if (id === null) return undefined;
  return found.get(lookups.providerId(session, id)) ?? found.get(lookups.providerKey(session, id));
}

function rowOf(item: Item): { callback_id: string; item: number } {
  return { callback_id: item.callbackId, item: item.index };
}
