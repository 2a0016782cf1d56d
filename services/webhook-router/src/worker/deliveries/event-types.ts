/**
 * The types an endpoint can ask for. The tables are complete by their type: a symbol added to an Avro enum does not compile
 * until it is said here what it means for a receiver.
 */
import type { InboundKind, SessionEventKind, SessionStatus, Status } from "@wamesh/events";

type Described<Symbol_ extends string> = Readonly<Record<Symbol_, string>>;

/** Null: of nobody's interest outside, or too frequent to be told one by one. */
export const messageTypes: Readonly<Record<Exclude<Status, "UNKNOWN">, string | null>> = {
  accepted: null,
  queued: null,
  claimed: null,
  reference: null,
  in_doubt: "Whether the message left is unknown for now; it is being found out.",
  unconfirmed: "Whether the message left stays unknown; nothing more is tried without a decision.",
  sent: "The provider took the message.",
  delivered: "The message reached the person's device.",
  read: "The person read the message.",
  played: "The person played the voice note.",
  failed: "The message failed for good; a receipt may still correct a failure that the provider reported.",
  expired: "The message was not sent in its time.",
  cancelled: "The message was cancelled before it was sent.",
};

export const inboundTypes: Described<Exclude<InboundKind, "UNKNOWN">> = {
  text: "A text.",
  image: "An image.",
  video: "A video.",
  audio: "A voice note or an audio file.",
  document: "A document.",
  sticker: "A sticker.",
  location: "A place.",
  contacts: "Contact cards.",
  reaction: "A reaction to a message.",
  button: "A button of a template was pressed.",
  interactive: "An interactive message was answered.",
  order: "An order from a catalogue.",
  system: "The person changed number or identity.",
  unsupported: "Something the provider does not hand over.",
  other: "Something this version does not understand.",
  preference: "The person wants no more messages of a kind, or wants them again.",
  call: "A call.",
  edit: "An earlier message was edited.",
  delete: "An earlier message was deleted.",
  poll_vote: "A vote in a poll.",
};

export const sessionStatusTypes: Described<Exclude<SessionStatus, "UNKNOWN">> = {
  created: "The session exists and is not connected yet.",
  connecting: "The session is being connected.",
  need_scan: "Somebody has to scan the session's QR code.",
  pin_required: "The number wants its PIN.",
  name_pending: "The display name waits for the provider's approval.",
  connected: "The session can send.",
  disconnected: "The session lost its connection; its messages wait.",
  logged_out: "The session was logged out and has to be scanned again.",
  expired: "The session's access has expired.",
  suspended: "The provider suspended the session.",
  auth_failed: "The session's credentials are refused.",
  deleted: "The session was deleted.",
};

export const sessionKindTypes: Described<Exclude<SessionEventKind, "UNKNOWN" | "status">> = {
  throttled: "The provider asked the session to slow down.",
  paused: "The session pauses after failures.",
  send_failed: "Sends of the session fail for a reason that is not the message's.",
  quality: "The provider's rating of the number changed.",
  limit: "How many people the number may write to changed.",
  template: "A template's status, quality or category changed.",
  account: "Something happened to the account.",
  other: "The provider said something this version does not understand.",
};

export const endpointTypes = {
  "endpoint.disabled":
    "Another endpoint of the tenant was disabled, since it answered 410 or failed for five days.",
} as const;

/** Sent on request only, whatever the endpoint asked for. */
export const testType = "endpoint.test";
export const testTypeDescription = "A test that somebody asked for; nothing happened.";

export const messageType = (status: Status): string | null =>
  status !== "UNKNOWN" && messageTypes[status] !== null ? `message.${status}` : null;

const under = (prefix: string, table: Readonly<Record<string, string>>) =>
  Object.entries(table).map(([symbol, about]) => [`${prefix}.${symbol}`, about] as const);

/** With what each tells. A general type stands before the narrower ones that are parts of it. */
export const describedTypes: ReadonlyMap<string, string> = new Map([
  ...under(
    "message",
    Object.fromEntries(Object.entries(messageTypes).filter((row) => row[1] !== null)) as never,
  ),
  ["message.inbound", "Anything a person sent to one of the numbers, of every kind."],
  ...under("message.inbound", inboundTypes),
  ["session.status", "Any change of a session's status."],
  ...under("session", sessionStatusTypes),
  ...under("session", sessionKindTypes),
  ...Object.entries(endpointTypes),
]);

/** What an endpoint can ask for. */
export const eventTypes: readonly string[] = [...describedTypes.keys()];
