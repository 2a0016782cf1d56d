/**
 * A client over fetch whose paths, bodies and answers are typed by the services' own documents. Each POST gets an idempotency
 * key of its own, so that what got no answer is sent again with the same key and never twice.
 */
import createFetchClient, { type Client as FetchClient } from "openapi-fetch";
import type { paths as Ingest, components as IngestParts } from "./generated/ingest.ts";
import type {
  paths as SessionManager,
  components as SessionManagerParts,
} from "./generated/session-manager.ts";
import type {
  paths as StatusProjector,
  components as StatusProjectorParts,
} from "./generated/status-projector.ts";
import type { paths as WebhookRouter, components as WebhookRouterParts } from "./generated/webhook-router.ts";
import { type Attempt, waitBefore } from "./patience.ts";

export type Paths = Ingest & SessionManager & StatusProjector & WebhookRouter;
/** What the documents name; where two services use a name, the last one's. */
export type Schemas = Omit<
  IngestParts["schemas"],
  keyof SessionManagerParts["schemas"] | keyof StatusProjectorParts["schemas"]
> &
  Omit<SessionManagerParts["schemas"], keyof StatusProjectorParts["schemas"]> &
  Omit<WebhookRouterParts["schemas"], keyof StatusProjectorParts["schemas"]> &
  StatusProjectorParts["schemas"];
export type Client = FetchClient<Paths>;

/** RFC 9457, as the API answers it. `code` is stable. */
export type Problem = {
  code: string;
  title?: string;
  detail?: string;
  status: number;
  errors?: { field?: string; problem?: string; remedy?: string }[];
};

/** What `orThrow` throws; `problem` is null where the answer was none of the API's. */
export class WameshError extends Error {
  readonly status: number;
  readonly problem: Problem | null;
  constructor(status: number, problem: Problem | null, text: string) {
    super(problem === null ? `answered ${status}: ${text.slice(0, 200)}` : sentenceOf(problem));
    this.name = "WameshError";
    this.status = status;
    this.problem = problem;
  }
}

export type ClientOptions = {
  /** `https://mesh.example.com` */
  origin: string;
  /** `wam_…` */
  key: string;
  /** The tenant acted for; the key's own without it. */
  tenant?: string | undefined;
  /** How long 429, 503 and lost connections are tried again, in ms. Default 30,000; 0: never. */
  patienceMs?: number;
  fetch?: typeof fetch;
  newKey?: () => string;
  sleep?: (ms: number) => Promise<void>;
  /** Monotonic ms. */
  now?: () => number;
};

export function createClient(options: ClientOptions): Client {
  const {
    patienceMs = 30_000,
    fetch: ask = fetch,
    newKey = () => crypto.randomUUID(),
    sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    now = () => performance.now(),
  } = options;

  async function patiently(request: Request): Promise<Response> {
    if (request.method === "POST" && !request.headers.has("idempotency-key"))
      request.headers.set("idempotency-key", newKey());
    const until = now() + patienceMs;
    for (let n = 1; ; n++) {
      const attempt: Attempt = await ask(request.clone()).then(
        (response) => ({ kind: "answered", response }),
        (error: unknown) => ({ kind: "failed", error }),
      );
      const waitMs = waitBefore(attempt, n);
      if (waitMs === null || now() + waitMs > until) {
        if (attempt.kind === "failed") throw attempt.error;
        return attempt.response;
      }
      await sleep(waitMs);
    }
  }

  return createFetchClient<Paths>({
    baseUrl: options.origin.replace(/\/+$/, ""),
    fetch: patiently,
    headers: {
      authorization: `Bearer ${options.key}`,
      ...(options.tenant !== undefined && { "wamesh-tenant": options.tenant }),
    },
  });
}

/** The data of an answer; throws a WameshError for any other than 2xx. */
export async function orThrow<Data>(
  call: Promise<{ data?: Data; error?: unknown; response: Response }>,
): Promise<Data> {
  const { data, error, response } = await call;
  if (response.ok) return data as Data;
  const isProblem = typeof error === "object" && error !== null && "code" in error;
  throw new WameshError(response.status, isProblem ? (error as Problem) : null, String(error ?? ""));
}

function sentenceOf(problem: Problem): string {
  const details = (problem.errors ?? []).map(({ field, problem: what, remedy }) =>
    [field, what, remedy].filter((part) => part !== undefined).join(": "),
  );
  return [`${problem.code}: ${problem.detail ?? problem.title ?? ""}`, ...details].join("\n  ");
}
