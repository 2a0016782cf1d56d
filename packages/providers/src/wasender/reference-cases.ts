/** For tests: every event and shape of WasenderApi's reference, and what each is to be understood as. */

export type WasenderCase = {
  name: string;
  event: object;
  /** Members that the parsed things must have, one per thing. */
  means: object[];
};

export const API_KEY = "0123456789abcdef".repeat(4);
export const AT = 1_788_000_020;

const GROUP = "120363000000000001@g.us";
const MARA = "15550001111@s.whatsapp.net";
const mara = { kind: "inbound", from: { kind: "phone", value: "+15550001111" }, group: null };
const theirs = { id: "3AEB11", fromMe: false, remoteJid: MARA };
const ours = { id: "3EB0A1", fromMe: true, remoteJid: MARA };
const hello = {
  key: theirs,
  message: { conversation: "Hello" },
  pushName: "Mara",
  messageTimestamp: AT,
};

function event(name: string, data: unknown, more: object = { timestamp: AT }): object {
  return { event: name, ...more, data };
}

function received(name: string, message: object, means: object, key: object = theirs): WasenderCase {
  return {
    name,
    event: event("messages.received", { messages: { ...hello, key, message } }),
    means: [means],
  };
}

const call = { id: "CALL1", from: MARA, date: "2026-08-29T12:00:00.000Z", isVideo: false, status: "offer" };
const called = {
  ...mara,
  messageKind: "call",
  providerId: "CALL1",
  occurrence: "offer",
  occurredAt: Date.UTC(2026, 7, 29, 12),
};
const image = {
  url: "https://mmg.test/1",
  caption: "Front",
  mimetype: "image/jpeg",
  mediaKey: "a2V5",
  fileSha256: "c2hh",
  fileLength: "303833",
};

export const wasenderCases: WasenderCase[] = [
  ...["messages.received", "messages-personal.received", "messages.upsert"].flatMap((name) =>
    [hello, [hello], { messages: hello }, { messages: [hello] }].map((data, shape) => ({
      name: `${name}, shape ${shape}`,
      event: event(name, data),
      means: [{ ...mara, messageKind: "text", text: "Hello", fromName: "Mara", occurredAt: AT * 1000 }],
    })),
  ),
  {
    name: "old versions call the event type",
    event: { type: "messages.received", data: { messages: hello } },
    means: [mara],
  },
  received(
    "a LID with its number, in the documented spelling",
    { conversation: "x" },
    {
      ...mara,
      identities: [
        { kind: "phone", value: "+15550001111" },
        { kind: "lid", value: "98765432101234@lid" },
      ],
    },
    {
      id: "3",
      fromMe: false,
      remoteJid: "98765432101234@lid",
      senderPn: MARA,
      cleanedSenderPn: "15550001111",
      senderLid: "98765432101234@lid",
    },
  ),
  {
    name: "a group, in which a LID with its number writes",
    event: event("messages-group.received", {
      messages: {
        ...hello,
        key: {
          id: "3",
          fromMe: false,
          remoteJid: GROUP,
          participant: "98@lid",
          cleanParticipantPn: "15550001111",
          participantLid: "98:4@lid",
        },
      },
    }),
    means: [
      {
        ...mara,
        group: GROUP,
        identities: [
          { kind: "phone", value: "+15550001111" },
          { kind: "lid", value: "98@lid" },
        ],
      },
    ],
  },
  {
    name: "a channel",
    event: event("messages-newsletter.received", {
      messages: { ...hello, key: { id: "3", remoteJid: "1203@newsletter" } },
    }),
    means: [{ kind: "inbound", from: { kind: "channel", value: "1203@newsletter" }, group: null }],
  },
  received(
    "a status shown to many is no message to the number",
    { conversation: "x" },
    { ...mara, group: "status@broadcast" },
    { id: "3", fromMe: false, remoteJid: "status@broadcast", participant: MARA },
  ),
  received(
    "a picture",
    { imageMessage: image },
    {
      messageKind: "image",
      text: "Front",
      media: {
        providerId: null,
        url: "https://mmg.test/1",
        mimeType: "image/jpeg",
        sha256: "c2hh",
        bytes: 303_833,
        fileName: null,
        voice: false,
      },
    },
  ),
  received(
    "a voice note",
    { audioMessage: { ...image, ptt: true, fileLength: 7 } },
    { messageKind: "audio", media: { voice: true, bytes: 7 } },
  ),
  received(
    "a document in its envelope",
    { documentWithCaptionMessage: { message: { documentMessage: { ...image, fileName: "a.pdf" } } } },
    { messageKind: "document", text: "Front", media: { fileName: "a.pdf" } },
  ),
  ...(
    [
      [{ stickerMessage: {} }, "sticker"],
      [{ videoMessage: {} }, "video"],
      [{ locationMessage: { name: "Depot" } }, "location"],
      [{ contactMessage: { displayName: "X", vcard: "" } }, "contacts"],
      [{ buttonsResponseMessage: { selectedDisplayText: "Yes" } }, "button"],
      [{ listResponseMessage: { title: "Slot 1" } }, "interactive"],
      [{ pollUpdateMessage: { pollCreationMessageKey: { id: "P" } } }, "poll_vote"],
      [{ pollCreationMessageV3: { name: "Which?" } }, "other"],
      [{ hologramMessage: {} }, "other"],
    ] as const
  ).map(([content, messageKind]) =>
    received(
      `${Object.keys(content)[0]} is ${messageKind}`,
      { messageContextInfo: {}, ...content },
      {
        messageKind,
        providerKind: Object.keys(content)[0],
      },
    ),
  ),
  received(
    "an answer",
    { extendedTextMessage: { text: "Yes", contextInfo: { stanzaId: "3EB0A1", quotedMessage: {} } } },
    { messageKind: "text", text: "Yes", contextProviderId: "3EB0A1" },
  ),
  {
    name: "a caption beside an empty flattened text",
    event: event("messages.received", {
      messages: { ...hello, messageBody: "", message: { imageMessage: image } },
    }),
    means: [{ messageKind: "image", text: "Front" }],
  },
  {
    name: "a flattened text without its content",
    event: event("messages.received", { messages: { ...hello, messageBody: "Hi", message: undefined } }),
    means: [{ messageKind: "text", text: "Hi" }],
  },
  ...[14, "MESSAGE_EDIT", "message_edit"].map((type) =>
    received(
      `an edit, type ${type}`,
      { protocolMessage: { key: { id: "3AEB00" }, type, editedMessage: { conversation: "fixed" } } },
      { ...mara, messageKind: "edit", text: "fixed", contextProviderId: "3AEB00" },
    ),
  ),
  received(
    "an edit in its envelope",
    {
      editedMessage: {
        message: {
          protocolMessage: { key: { id: "3AEB00" }, editedMessage: { imageMessage: { caption: "B" } } },
        },
      },
    },
    { messageKind: "edit", text: "B", contextProviderId: "3AEB00", media: { url: null } },
  ),
  ...[0, "REVOKE", undefined].map((type) =>
    received(
      `a deletion, type ${type}`,
      { protocolMessage: { key: { id: "3AEB00" }, type } },
      { ...mara, messageKind: "delete", text: null, contextProviderId: "3AEB00" },
    ),
  ),
  received(
    "another protocol message",
    { protocolMessage: { type: "EPHEMERAL_SETTING", ephemeralExpiration: 86_400 } },
    { messageKind: "system" },
  ),
  {
    name: "an own edit is not taken for a message that says the same",
    event: event("messages.upsert", {
      messages: [
        {
          ...hello,
          key: ours,
          message: { protocolMessage: { key: { id: "X" }, editedMessage: { conversation: "x" } } },
        },
      ],
    }),
    means: [{ kind: "no_news", name: "own edit" }],
  },
  {
    name: "an edit as an update",
    event: event("messages.update", {
      key: theirs,
      update: { message: { editedMessage: { message: { conversation: "fixed" } } } },
    }),
    means: [{ ...mara, messageKind: "edit", text: "fixed", contextProviderId: "3AEB11" }],
  },
  {
    name: "an own edit as an update",
    event: event("messages.update", [{ key: ours, update: { message: { conversation: "fixed" } } }]),
    means: [{ kind: "no_news", name: "own edit" }],
  },
  ...[{ keys: [theirs] }, { keys: theirs }, [theirs], theirs].map((data, shape) => ({
    name: `a deletion, shape ${shape}`,
    event: event("messages.delete", data),
    means: [{ ...mara, messageKind: "delete", providerId: "3AEB11", contextProviderId: "3AEB11" }],
  })),
  {
    name: "two deletions, one of them our own",
    event: event("messages.delete", { keys: [theirs, ours] }),
    means: [{ ...mara, messageKind: "delete" }, { kind: "no_news" }],
  },
  {
    name: "a whole chat is emptied",
    event: event("messages.delete", { jid: MARA, all: true }),
    means: [{ kind: "other", name: "messages.delete" }],
  },
  ...[
    { key: ours, reaction: { text: "👍", key: { ...theirs, id: "3AEB22" }, senderTimestampMs: AT * 1000 } },
    [{ key: ours, reaction: { text: "👍", key: { ...theirs, id: "3AEB22" } } }],
  ].map((data, shape) => ({
    name: `a reaction, shape ${shape}`,
    event: event("messages.reaction", data),
    means: [
      {
        ...mara,
        messageKind: "reaction",
        text: "👍",
        providerId: "3AEB22",
        contextProviderId: "3EB0A1",
        occurredAt: AT * 1000,
      },
    ],
  })),
  {
    name: "a reaction that is taken back",
    event: event("messages.reaction", [
      { key: ours, reaction: { text: "", key: { ...theirs, id: "3AEB22" } } },
    ]),
    means: [{ ...mara, messageKind: "reaction", text: null }],
  },
  {
    name: "a reaction without a key of its own, to what we wrote",
    event: event("messages.reaction", [{ key: ours, reaction: { text: "👍" } }]),
    means: [{ ...mara, messageKind: "reaction", contextProviderId: "3EB0A1" }],
  },
  {
    name: "a reaction by nobody knows whom",
    event: event("messages.reaction", [{ key: theirs, reaction: { text: "👍" } }]),
    means: [{ kind: "other", name: "messages.reaction" }],
  },
  {
    name: "an own reaction",
    event: event("messages.reaction", [{ key: theirs, reaction: { text: "👍", key: ours } }]),
    means: [{ kind: "no_news", name: "own reaction" }],
  },
  {
    name: "the votes of a poll, one record per voter",
    event: event("poll.results", {
      key: { ...ours, remoteJid: GROUP },
      pollResult: [
        { name: "Red", voters: [MARA, "98@lid"] },
        { name: "Blue", voters: [MARA] },
        { name: "Green", voters: [] },
      ],
    }),
    means: [
      { ...mara, group: GROUP, messageKind: "poll_vote", text: "Red\nBlue", contextProviderId: "3EB0A1" },
      { kind: "inbound", from: { kind: "bsuid", value: "98@lid" }, messageKind: "poll_vote", text: "Red" },
    ],
  },
  {
    name: "a poll without votes",
    event: event("poll.results", { key: ours, pollResult: [] }),
    means: [{ kind: "other", name: "poll.results" }],
  },
  ...["call", "call.received"].flatMap((name) =>
    [{ call }, { call: [call] }, [call], call].map((data, shape) => ({
      name: `${name}, shape ${shape}`,
      event: event(name, data),
      means: [called],
    })),
  ),
  {
    name: "a call from a LID without a date",
    event: event("call", { call: { ...call, from: "98@lid", date: undefined } }),
    means: [{ kind: "inbound", from: { kind: "bsuid", value: "98@lid" }, occurredAt: AT * 1000 }],
  },
  {
    name: "a session's state",
    event: event("session.status", { status: "NEED_SCAN", session_id: API_KEY }, { sessionId: API_KEY }),
    means: [{ kind: "session_status", status: "need_scan" }],
  },
  {
    name: "a session's state without a word",
    event: event("session.status", {}, { sessionId: API_KEY }),
    means: [{ kind: "other", name: "session.status" }],
  },
  {
    name: "a QR code, which is fetched when it is wanted",
    event: event("qrcode.updated", { qr: "2@AbCdEfGhIjKlMnOpQrStUvWx" }, { sessionId: API_KEY }),
    means: [{ kind: "no_news", name: "qrcode.updated" }],
  },
  ...["chats.upsert", "chats.update", "chats.delete", "contacts.upsert", "contacts.update"].map((name) => ({
    name: `${name}, the phone's own lists`,
    event: event(name, [{ id: MARA, name: "Mara" }, { id: "98@lid" }]),
    means: [{ kind: "no_news", name }],
  })),
  ...["groups.upsert", "groups.update", "group-participants.update", "brand.new"].map((name) => ({
    name: `${name} is kept by its name`,
    event: event(name, [{ id: GROUP }, { id: "2@g.us" }]),
    means: [{ kind: "other", name }],
  })),
];
