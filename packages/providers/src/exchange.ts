/**
 * One HTTP request, and the one question that matters afterwards: can the provider have it? undici's dispatch interface answers
 * it exactly, since onRequestStart runs right before the first byte is written.
 */
import { Readable } from "node:stream";
import { type Dispatcher, Pool } from "undici";

export type HttpRequest = { path: string; headers: Record<string, string>; body: string };
export type HttpQuestion = { path: string; headers: Record<string, string> };
export type HttpOrder = HttpQuestion & { method: "GET" | "POST" | "DELETE"; body?: string };
/** Parts are written one after the other, without a copy of the whole; the headers say how long they are. */
export type HttpUpload = HttpQuestion & { parts: readonly Uint8Array[] };
export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: string };

export type Exchange =
  | { kind: "answered"; answer: Answer }
  /** Nothing left this process. */
  | { kind: "not_sent"; why: string }
  /** It left, or part of it did, and no whole answer came back. */
  | { kind: "lost"; why: string };

export type Exchanger = {
  /** Never rejects. */
  post(request: HttpRequest, signal: AbortSignal, left?: () => void): Promise<Exchange>;
  /** Never rejects. */
  get(question: HttpQuestion, signal: AbortSignal): Promise<Exchange>;
  /** Never rejects. Calls of management, with or without a body. */
  call(order: HttpOrder, signal: AbortSignal): Promise<Exchange>;
  /** Never rejects. */
  upload(upload: HttpUpload, signal: AbortSignal): Promise<Exchange>;
  close(): Promise<void>;
};

/** Answers are about 1 KiB; error pages may be larger. */
const MAX_ANSWER_BYTES = 256 * 1024;
/** The caller's signal is the deadline; this only ends a request whose caller forgot. */
const BACKSTOP_MS = 60_000;
const CONNECT_TIMEOUT_MS = 5_000;
/** Short, because a request written into a connection the server just closed is a message in doubt. */
const KEEP_ALIVE_MS = 4_000;

export function createExchanger(baseUrl: string, maxSockets: number): Exchanger {
  const base = new URL(baseUrl);
  const prefix = base.pathname.replace(/\/+$/, "");
  const pool = new Pool(base.origin, {
    connections: maxSockets,
    // Two messages on one connection would fall into doubt together when it breaks; hence no HTTP/2 either.
    pipelining: 1,
    allowH2: false,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connectTimeout: CONNECT_TIMEOUT_MS,
    headersTimeout: BACKSTOP_MS,
    bodyTimeout: BACKSTOP_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  return {
    post: (request, signal, left) =>
      exchange(pool, { method: "POST", ...request, path: prefix + request.path }, signal, left),
    get: (question, signal) =>
      exchange(pool, { method: "GET", ...question, path: prefix + question.path }, signal),
    call: (order, signal) => exchange(pool, { ...order, path: prefix + order.path }, signal),
    upload: ({ parts, path, headers }, signal) =>
      exchange(pool, { method: "POST", path: prefix + path, headers, body: Readable.from(parts) }, signal),
    close: () => pool.close(),
  };
}

function exchange(
  pool: Pool,
  request: Dispatcher.DispatchOptions,
  signal: AbortSignal,
  onLeft: () => void = () => {},
): Promise<Exchange> {
  if (signal.aborted) return Promise.resolve({ kind: "not_sent", why: "the deadline had passed" });
  return new Promise((resolve) => {
    let left = false;
    let ended = false;
    let controller: Dispatcher.DispatchController | null = null;
    let status = 0;
    let headers: Answer["headers"] = {};
    const chunks: Buffer[] = [];

    const end = (exchange: Exchange) => {
      if (ended) return;
      ended = true;
      signal.removeEventListener("abort", onDeadline);
      resolve(exchange);
    };
    const fail = (why: string) => end({ kind: left ? "lost" : "not_sent", why });
    const onDeadline = () => {
      fail(left ? "the deadline passed before the answer came" : "no connection in time");
      controller?.abort(new Error("deadline"));
    };
    signal.addEventListener("abort", onDeadline, { once: true });

    const handler: Dispatcher.DispatchHandler = {
      onRequestStart(started) {
        // Ended: it gave up while waiting for a connection. Left: undici would write it again after a reset; never twice.
        if (ended || left) return started.abort(new Error("not again"));
        left = true;
        controller = started;
        onLeft();
      },
      onResponseStart(_controller, statusCode, responseHeaders) {
        if (statusCode < 200) return;
        status = statusCode;
        headers = responseHeaders;
      },
      onResponseData(_controller, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        end({ kind: "answered", answer: { status, headers, body: Buffer.concat(chunks).toString("utf8") } });
      },
      onResponseError(_controller, error) {
        fail(nameOf(error));
      },
    };
    try {
      pool.dispatch(request, handler);
    } catch (error) {
      fail(nameOf(error));
    }
  });
}

/** An error's code or name; its message may hold addresses. */
function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return "unknown error";
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
