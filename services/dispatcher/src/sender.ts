/** The send itself: payload and credentials opened, the provider asked, its answer translated. Never throws. */
import type { Directory } from "@wamesh/directory";
import type { OutboundMessage, SessionState } from "@wamesh/events";
import type { Item, SendResult } from "@wamesh/pacer";
import type {
  Content,
  ProviderName,
  Sender,
  SenderSession,
  SendOutcome,
  SessionCredentials,
} from "@wamesh/providers";
import { toSendResult } from "./outcome.ts";
import { leavingOf, unpackPayload } from "./payload.ts";
import { traceSend } from "./trace-send.ts";

export type SenderDeps = {
  directory: Pick<Directory, "session">;
  senders: Record<ProviderName, Sender>;
  /** Opens sealed credentials; throws when no ring key fits. */
  open: (session: SessionState) => string;
  /** Told how every send ended, so that a session's trouble becomes a session event. */
  ended: (session: SessionState, outcome: SendOutcome, messageId: string) => void;
  /** Told how long it took, and how it ended. */
  measure: (provider: string, ended: { outcome: string; faultClass: string; durationMs: number }) => void;
  log: { debug(fields: object, message: string): void };
  /** Told of messages whose content the provider refused, as they were asked for. */
  contentRefused: (record: OutboundMessage) => void;
};

export function createSend(
  deps: SenderDeps,
): (item: Item & { claim: number }, signal: AbortSignal, left: () => void) => Promise<SendResult> {
  const credentials = credentialCache(deps.open);
  return async (item, signal, left) => {
    const record = leavingOf(item.payload);
    const session = deps.directory.session(record.session);
    // Checked at pick and again here, right before the socket: nothing leaves through a session that changed meanwhile.
    if (session === undefined || session.status !== "connected" || session.tenant !== record.tenant)
      return notNow("session_not_connected", "the session is not connected");
    const opened = credentials(session);
    if (opened === null) return notNow("credentials_unreadable", "the session's credentials can't be opened");
    const sender = deps.senders[session.provider as ProviderName];
    const request = {
      messageId: record.message_id,
      claim: item.claim,
      recipient: { kind: record.recipient.kind as "phone", value: record.recipient.value },
      content: contentOf(record.content),
      replyTo: record.reply_to,
    };
    const from = { sessionId: session.session, providerRef: session.provider_ref, credentials: opened };
    const beganMs = performance.now();
    const outcome = await traceSend(item, session.provider, async () => {
      const answered = await sender.send(from, request, signal, left);
      deps.log.debug(factsOf(record, item.claim, answered), "sent to the provider");
      return answered;
    });
    const durationMs = performance.now() - beganMs;
    const faultClass = outcome.kind === "rejected" ? outcome.faultClass : "";
    deps.measure(session.provider, { outcome: outcome.kind, faultClass, durationMs });
    deps.ended(session, outcome, record.message_id);
    if (outcome.kind === "rejected" && outcome.faultClass === "content")
      deps.contentRefused(unpackPayload(item.payload).record);
    return toSendResult(outcome);
  };
}

function factsOf({ message_id, tenant, session }: OutboundMessage, claim: number, outcome: SendOutcome) {
  return {
    ...{ message_id, tenant, session, claim },
    outcome: outcome.kind,
    ...(outcome.kind === "rejected" && { code: outcome.code }),
  };
}

/** For calls beside the sends: who asks, by session id; null for one that is not known, or whose credentials can't be opened. */
export function senderOf(
  directory: SenderDeps["directory"],
  open: SenderDeps["open"],
): (sessionId: string) => SenderSession | null {
  const credentials = credentialCache(open);
  return (sessionId) => {
    const session = directory.session(sessionId);
    const opened = session === undefined ? null : credentials(session);
    return session === undefined || opened === null
      ? null
      : { sessionId, providerRef: session.provider_ref, credentials: opened };
  };
}

/** Surely not sent, and not the message's fault: it waits without losing an attempt. */
function notNow(code: string, detail: string): SendResult {
  return {
    kind: "rejected",
    reason: {
      code,
      faultClass: code === "credentials_unreadable" ? "credentials" : "provider",
      providerCode: null,
      detail,
    },
    retry: { afterMs: 5000, countsAsAttempt: false },
    scope: "member",
    effect: "none",
    pauseMs: null,
  };
}

/** The record's content as senders take it; that its field is there, admission has seen to. */
function contentOf(content: OutboundMessage["content"]): Content {
  const { kind } = content;
  switch (kind) {
    case "text":
      return { kind, text: content.text! };
    case "template": {
      const { components, ...template } = content.template!;
      const known = components.map((one) => ({ ...one, kind: one.kind as "body" }));
      return { kind, template: { ...template, components: known } };
    }
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return { kind, media: content.media! };
    case "location":
      return { kind, location: content.location! };
    case "contacts":
      return { kind, cards: content.contacts!.cards };
    case "reaction":
      return { kind, reaction: content.reaction! };
    case "interactive":
      return { kind, json: content.interactive!.json };
    case "poll":
      return { kind, poll: content.poll! };
    case "UNKNOWN":
      throw new Error("content of an unknown kind was admitted");
  }
}

/** One opening per session and version; null where no ring key fits. Holds plain credentials in memory, as a sender must. */
function credentialCache(
  open: (session: SessionState) => string,
): (session: SessionState) => SessionCredentials | null {
  const cache = new Map<string, { version: number; value: SessionCredentials | null }>();
  return (session) => {
    const known = cache.get(session.session);
    if (known !== undefined && known.version === session.version) return known.value;
    let value: SessionCredentials | null;
    try {
      value = JSON.parse(open(session)) as SessionCredentials;
    } catch {
      value = null;
    }
    cache.set(session.session, { version: session.version, value });
    return value;
  };
}
