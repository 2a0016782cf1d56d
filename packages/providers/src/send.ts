/** The contract of sending: what a sender takes, and the three ways a send can end. */

export type ProviderName = "cloud_api" | "wasender";

/** phone: E.164 with `+`. bsuid, group, channel: the provider's own id. */
export type Recipient = { kind: "phone" | "bsuid" | "group" | "channel"; value: string };

export type TemplateParameter = {
  /** The provider's parameter type: text, payload, coupon_code; others (image, currency, action …) are objects. */
  kind: string;
  /** Name in a template with named parameters; null for positional ones. */
  name: string | null;
  /** The text, or for kinds that are objects their JSON. */
  value: string;
};

export type TemplateContent = {
  name: string;
  language: string;
  components: {
    kind: "header" | "body" | "button";
    /** Buttons: quick_reply, url, copy_code …; else null. */
    sub_type: string | null;
    /** Buttons: position from 0; else null. */
    index: number | null;
    parameters: TemplateParameter[];
  }[];
};

export type MediaKind = "image" | "video" | "audio" | "document" | "sticker";

export type Media = {
  /** https; this or `provider_id`, the provider's own id of a file it has. */
  url: string | null;
  provider_id: string | null;
  /** Image, video, document. */
  caption: string | null;
  /** Document. */
  file_name: string | null;
  /** Audio: shown as a voice note. */
  voice: boolean;
  view_once: boolean;
};

export type ContactCard = {
  name: string;
  first_name: string | null;
  last_name: string | null;
  company: string | null;
  phones: string[];
  emails: string[];
  urls: string[];
};

export type Content =
  | { kind: "text"; text: { body: string; preview_url: boolean } }
  | { kind: "template"; template: TemplateContent }
  | { kind: MediaKind; media: Media }
  | {
      kind: "location";
      /** Degrees; north and east are positive. */
      location: { latitude: number; longitude: number; name: string | null; address: string | null };
    }
  | { kind: "contacts"; cards: ContactCard[] }
  /** On the message with this provider id; an empty emoji takes it away. */
  | { kind: "reaction"; reaction: { message_id: string; emoji: string } }
  /** The provider's object, as JSON. */
  | { kind: "interactive"; json: string }
  | { kind: "poll"; poll: { question: string; options: string[]; multi_select: boolean } };

export type SendRequest = {
  messageId: string;
  /** Number of the claim, from 1. Travels with the message id where the provider echoes it. */
  claim: number;
  recipient: Recipient;
  content: Content;
  /** Provider id of the message this one answers. */
  replyTo: string | null;
};

export type SessionCredentials =
  | { kind: "cloud_api"; accessToken: string }
  | {
      kind: "wasender";
      apiKey: string;
      /** The account's personal access token, where its tenant gave it: manages sessions, reads message logs. */
      accountToken?: string;
    };

export type SenderSession = {
  sessionId: string;
  /** Cloud API: phone_number_id. WasenderApi: session id. */
  providerRef: string;
  credentials: SessionCredentials;
};

/** Whose fault a rejection is. Recipient faults are nobody's alarm. */
export type FaultClass = "recipient" | "content" | "policy" | "credentials" | "provider" | "pace" | "unknown";

/** What the provider says of its limit; resetMs is from now. */
export type RateHint = { limit?: number; remaining?: number; resetMs?: number };

export type Rejection = {
  kind: "rejected";
  /** Our reason code: stable, see reasons.ts. */
  code: string;
  /** The provider's own code, verbatim; null where the provider was not reached. */
  providerCode: string | null;
  faultClass: FaultClass;
  /** ms null: the schedule's own back-off. A message that was only too early, or met a sick session, loses no attempt. */
  retry: { kind: "never" } | { kind: "after"; ms: number | null; countsAsAttempt: boolean };
  /** What the effect acts on. */
  scope: "message" | "pair" | "session" | "account" | "app" | "template";
  /** slow: lower the rate. pause: nothing leaves for pauseMs, then one message is the probe. */
  effect: "none" | "slow" | "pause";
  /** Set for every pause; for slow where the provider named a wait; never forever. */
  pauseMs: number | null;
  /** What the tenant may see: no secrets, no phone numbers. */
  detail: string;
  rate?: RateHint;
};

export type SendOutcome =
  /**
   * The provider took it; that is not yet sent. held: it may still drop it later (template pacing).
   * providerId: wamid or msgId; `none:<message id>.<claim>` from a WasenderApi version that names none.
   */
  | { kind: "accepted"; providerId: string; held: boolean; rate?: RateHint }
  /** Surely not sent. */
  | Rejection
  /** Sent or not, nobody knows: the request left, and no answer of the provider's own came back. */
  | { kind: "unsure"; why: string; rate?: RateHint };

export type Sender = {
  /**
   * Never throws. `signal` is the deadline and must fire some time; before the request has left it makes the outcome a
   * rejection (provider_unreachable), after that unsure.
   */
  send(
    session: SenderSession,
    request: SendRequest,
    signal: AbortSignal,
    /** Called right before the first byte is written: the moment that a rate counts from. */
    left?: () => void,
  ): Promise<SendOutcome>;
  /** Waits for what is in flight. */
  close(): Promise<void>;
};
