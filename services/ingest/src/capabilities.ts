/** What each provider can carry. Facts of the outside world as of 2026-11-21, from the providers' documentation. */
import type { Content, ContentKind, Recipient } from "@wamesh/events";

type Kind = Exclude<ContentKind, "UNKNOWN">;

type Capabilities = {
  name: string;
  content: Record<Kind, boolean>;
  recipient: Record<Exclude<Recipient["kind"], "UNKNOWN">, boolean>;
  /** What it can't do with content of a kind that it carries: the field of the request, and what is wrong with it. */
  lacks: (content: Content) => { field: string; problem: string } | null;
};

const everything: Record<Kind, boolean> = {
  text: true,
  template: true,
  image: true,
  video: true,
  audio: true,
  document: true,
  sticker: true,
  location: true,
  contacts: true,
  reaction: true,
  interactive: true,
  poll: true,
};

export const capabilities: Record<"cloud_api" | "wasender", Capabilities> = {
  cloud_api: {
    name: "The Cloud API",
    content: { ...everything, poll: false },
    recipient: { phone: true, bsuid: true, group: true, channel: false },
    lacks: ({ kind, media }) =>
      media?.view_once === true
        ? { field: `${kind}.view_once`, problem: "The Cloud API sends nothing that opens only once." }
        : null,
  },
  wasender: {
    name: "WasenderApi",
    content: { ...everything, template: false, reaction: false, interactive: false },
    recipient: { phone: true, bsuid: false, group: true, channel: true },
    lacks: ({ kind, media, contacts }) => {
      if (media !== null && media.url === null)
        return { field: `${kind}.provider_id`, problem: "WasenderApi takes files by url only." };
      if (media?.upload === true)
        return { field: `${kind}.upload`, problem: "WasenderApi fetches files by their url itself." };
      if (contacts !== null && (contacts.cards.length > 1 || contacts.cards[0]?.phones.length === 0))
        return { field: "contacts", problem: "WasenderApi carries one contact card, with a phone number." };
      return null;
    },
  },
};
