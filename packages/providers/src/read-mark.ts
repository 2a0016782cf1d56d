/** Tells a person that their message was read. To mark twice is harmless: whatever is unsure may be asked again. */
import { readMarks as cloudApi } from "./cloud-api/read-mark.ts";
import { type Answer, createExchanger, type HttpRequest } from "./exchange.ts";
import type { ReasonCode } from "./reasons.ts";
import type { ProviderName, SenderSession } from "./send.ts";
import { readMarks as wasender } from "./wasender/read-mark.ts";

export type ReceivedMessage = {
  /** wamid, or WhatsApp's own key. */
  providerId: string;
  /** WasenderApi: the address of the chat as its callback wrote it (`remoteJid`); null where none is known. */
  chat: string | null;
  /** Show the person that an answer is being written, where the provider can. */
  typing?: boolean;
};

export type Marked =
  | { kind: "marked" }
  /** code: our reason code, see reasons.ts. */
  | { kind: "refused"; code: ReasonCode; detail: string }
  | { kind: "unsure"; why: string };

/** What a provider's folder gives. Pure. */
export type ReadMarks = {
  /** Null without usable credentials, or without what names the message. */
  buildRequest(session: SenderSession, message: ReceivedMessage): HttpRequest | null;
  readAnswer(answer: Answer): Marked;
};

const readMarks: Record<ProviderName, ReadMarks> = { cloud_api: cloudApi, wasender };

export type ReadMarker = {
  /** Never throws. `signal` is the deadline. */
  mark(session: SenderSession, message: ReceivedMessage, signal: AbortSignal): Promise<Marked>;
  close(): Promise<void>;
};

/** `baseUrl` as for createSender. */
export function createReadMarker(
  name: ProviderName,
  options: { baseUrl: string; maxSockets?: number; userAgent?: string },
): ReadMarker {
  const { buildRequest, readAnswer } = readMarks[name];
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 8);
  return {
    async mark(session, message, signal) {
      const request = buildRequest(session, message);
      if (request === null)
        return {
          kind: "refused",
          code: "content_invalid",
          detail: "The message can't be named to its provider",
        };
      const headers = { ...request.headers, "user-agent": options.userAgent ?? "wamesh" };
      const exchange = await exchanger.post({ ...request, headers }, signal);
      return exchange.kind === "answered"
        ? readAnswer(exchange.answer)
        : { kind: "unsure", why: exchange.why };
    },
    close: () => exchanger.close(),
  };
}
