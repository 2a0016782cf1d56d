/** Files uploaded to a provider, to be sent by their id. Only the Cloud API takes them. */
import { randomUUID } from "node:crypto";
import { buildUpload, readUpload } from "./cloud-api/media.ts";
import { createExchanger } from "./exchange.ts";
import type { ReasonCode } from "./reasons.ts";
import type { SenderSession } from "./send.ts";

export type MediaFile = {
  /** Without parameters, see `mimeTypeOf`. */
  mimeType: string;
  /** The bytes, as they came. */
  chunks: readonly Uint8Array[];
};

export type Uploaded =
  | { kind: "uploaded"; id: string }
  /** The file itself is not taken. code: our reason code, see reasons.ts. */
  | { kind: "refused"; code: ReasonCode; detail: string }
  /** Ask again. waitMs: what the provider asked for; null where it named none. */
  | { kind: "unsure"; why: string; waitMs: number | null };

export type MediaClient = {
  /** Never throws. `signal` is the deadline. */
  upload(session: SenderSession, file: MediaFile, signal: AbortSignal): Promise<Uploaded>;
  close(): Promise<void>;
};

/** `baseUrl` as for createSender. */
export function createMediaClient(options: { baseUrl: string; maxSockets?: number }): MediaClient {
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 8);
  return {
    async upload(session, file, signal) {
      const upload = buildUpload(session, file, `wamesh-${randomUUID()}`);
      if (upload === null)
        return {
          kind: "unsure",
          why: "The session's credentials are not of a form that can be sent",
          waitMs: null,
        };
      const exchange = await exchanger.upload(upload, signal);
      return exchange.kind === "answered"
        ? readUpload(exchange.answer, Date.now())
        : { kind: "unsure", why: exchange.why, waitMs: null };
    },
    close: () => exchanger.close(),
  };
}
