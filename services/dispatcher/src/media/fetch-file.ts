/** One GET of a tenant's file: guarded, bounded in time and size, never redirected. */
import { AddressRefused, type Allowed, guardedAgent, type Resolve, refuseUrl } from "@wamesh/egress";
import { type MediaFile, type MediaKind, signatureBytes, sniff } from "@wamesh/providers";
import { request } from "undici";
import { readHead, tooLarge } from "./answer.ts";

export type FetchedFile =
  | { kind: "file"; file: MediaFile }
  | { kind: "unusable"; why: string }
  | { kind: "later"; why: string };

export type FetchFile = (url: string, kind: MediaKind, signal: AbortSignal) => Promise<FetchedFile>;

/** `fetchFile` never throws. `signal` is the deadline. `mostBytes` of one file are held in memory. */
export function createFileFetcher(options: {
  allow: readonly Allowed[];
  resolve?: Resolve;
  mostBytes: number;
}): { fetchFile: FetchFile; close(): Promise<void> } {
  const agent = guardedAgent({ ...options, httpsOnly: true, connectTimeoutMs: 10_000 });
  return {
    async fetchFile(url, kind, signal) {
      const refused = refuseUrl(url);
      if (refused !== null) return { kind: "unusable", why: `The file's address ${refused}.` };
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: "GET",
          headers: { accept: "*/*", "user-agent": "wamesh" },
          signal,
        });
        const head = readHead(
          kind,
          { status: answer.statusCode, headers: answer.headers },
          options.mostBytes,
        );
        if (head.kind !== "file") {
          // Its bytes are of no use, and there may be many.
          answer.body.on("error", () => {}).destroy();
          return head;
        }
        const chunks: Uint8Array[] = [];
        let bytes = 0;
        const sniffed = () =>
          sniff(kind, head.mimeType, Buffer.concat(chunks, Math.min(bytes, signatureBytes)));
        for await (const chunk of answer.body as AsyncIterable<Buffer>) {
          const before = bytes;
          bytes += chunk.length;
          if (bytes > head.maxBytes) return { kind: "unusable", why: tooLarge(head.maxBytes) };
          chunks.push(chunk);
          // As soon as they can be judged: the rest of a wrong one need not come.
          if (before < signatureBytes && bytes >= signatureBytes) {
            const judged = sniffed();
            if (judged.kind === "unfit") return unfit(judged.why);
          }
        }
        if (bytes === 0) return { kind: "unusable", why: "The file is empty." };
        const judged = sniffed();
        return judged.kind === "unfit"
          ? unfit(judged.why)
          : { kind: "file", file: { mimeType: judged.mimeType, chunks } };
      } catch (error) {
        return readError(error, signal);
      }
    },
    close: () => agent.destroy(),
  };
}

function unfit(why: string): FetchedFile {
  return { kind: "unusable", why: `The file can't be used: ${why}.` };
}

function readError(error: unknown, signal: AbortSignal): FetchedFile {
  if (error instanceof AddressRefused) {
    const why = `The file's address is refused: ${error.message}.`;
    return { kind: error.isUnresolved ? "later" : "unusable", why };
  }
  if (signal.aborted) return { kind: "later", why: "The file's server took too long." };
  const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
  return { kind: "later", why: `The file's server could not be reached${code}.` };
}
