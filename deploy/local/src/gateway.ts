// One public origin in front of the services, as an ingress would be in production: routed by path prefix, streamed.
import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { pipeline } from "node:stream";

export type GatewayOptions = {
  /** Path prefix to origin; a function is asked at each request, so a service may come back on another port. */
  routes: Record<string, string | (() => string)>;
  /** Default: a free one. */
  port?: number;
  /** Default 127.0.0.1; 0.0.0.0 only inside a container. */
  host?: string;
};

/** Listens until `close`, which also ends requests in flight. */
export async function startGateway(
  options: GatewayOptions,
): Promise<{ origin: string; close(): Promise<void> }> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((incoming, outgoing) => {
    const path = (incoming.url ?? "/").split("?", 1)[0] as string;
    const prefix = longestPrefix(Object.keys(options.routes), path);
    const route = prefix === undefined ? undefined : options.routes[prefix];
    if (route === undefined) return problem(outgoing, 404, "not_found", "No service answers this path.");
    const origin = currentOrigin(route);
    if (origin === undefined) return notRunning(outgoing);
    forward(incoming, outgoing, origin, agent);
  });
  const host = options.host ?? "127.0.0.1";
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host, port: options.port ?? 0 }, resolve);
  });
  return {
    origin: `http://${host}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        agent.destroy();
      }),
  };
}

/** The longest prefix that ends where a path segment ends: `/v1/messages` has `/v1/messages/7`, not `/v1/messagesx`. */
export function longestPrefix(prefixes: readonly string[], path: string): string | undefined {
  return prefixes
    .filter((prefix) => path === prefix || path.startsWith(prefix.endsWith("/") ? prefix : `${prefix}/`))
    .sort((a, b) => b.length - a.length)[0];
}

// RFC 9110 section 7.6.1: these belong to one connection and must not be passed on, nor what `connection` names.
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
];

type Headers = [name: string, value: string][];

/** Headers for the next hop, duplicates kept. */
export function endToEndHeaders(rawHeaders: readonly string[]): Headers {
  const pairs: Headers = [];
  for (let i = 0; i < rawHeaders.length; i += 2)
    pairs.push([rawHeaders[i] as string, rawHeaders[i + 1] as string]);
  const named = pairs
    .filter(([name]) => name.toLowerCase() === "connection")
    .flatMap(([, value]) => value.split(","));
  const dropped = new Set([...HOP_BY_HOP, ...named.map((name) => name.trim().toLowerCase())]);
  return pairs.filter(([name]) => !dropped.has(name.toLowerCase()));
}

function forward(incoming: IncomingMessage, outgoing: ServerResponse, origin: string, agent: Agent): void {
  const upstream = request(new URL(origin), {
    agent,
    method: incoming.method ?? "GET",
    path: incoming.url ?? "/",
    headers: requestHeaders(incoming).flat(),
  });
  upstream.once("response", (response) => {
    outgoing.writeHead(response.statusCode ?? 502, endToEndHeaders(response.rawHeaders).flat());
    outgoing.flushHeaders();
    // A service that ends in the middle of a body must not look like one that finished: pipeline cuts the connection.
    pipeline(response, outgoing, () => {});
  });
  upstream.once("error", (error: NodeJS.ErrnoException) => {
    if (outgoing.headersSent || outgoing.destroyed) return void outgoing.destroy();
    // The service closed an idle connection just as we reused it, and saw nothing of the request.
    if (upstream.reusedSocket && error.code === "ECONNRESET" && isRepeatable(incoming)) {
      return forward(incoming, outgoing, origin, agent);
    }
    if (error.code === "ECONNREFUSED") {
      notRunning(outgoing);
    } else {
      problem(
        outgoing,
        502,
        "bad_gateway",
        "The service ended the connection before it answered; the request may have been carried out.",
      );
    }
  });
  // The client left: the service should know. After a finished answer this changes nothing.
  outgoing.once("close", () => {
    if (!outgoing.writableFinished) upstream.destroy();
  });
  incoming.pipe(upstream);
}

function requestHeaders(incoming: IncomingMessage): Headers {
  const sent = endToEndHeaders(incoming.rawHeaders).filter(
    ([name]) => !/^x-forwarded-(for|proto|host)$/i.test(name),
  );
  const before = incoming.headers["x-forwarded-for"];
  const client = incoming.socket.remoteAddress ?? "unknown";
  const headers: Headers = [
    ...sent,
    ["x-forwarded-for", before ? `${before}, ${client}` : client],
    ["x-forwarded-proto", "http"],
    ["x-forwarded-host", incoming.headers.host ?? ""],
  ];
  // Said anew for our hop. Without it node would send the body of a DELETE bare, and the service would take it for
  // the next request.
  if (incoming.headers["transfer-encoding"]) headers.push(["transfer-encoding", "chunked"]);
  return headers;
}

/** True if it can be sent a second time though it has been read: it changes nothing and has no body. */
function isRepeatable({ method, headers }: IncomingMessage): boolean {
  return (
    (method === "GET" || method === "HEAD") && !headers["content-length"] && !headers["transfer-encoding"]
  );
}

/** Undefined while a service that is starting has not said yet where it listens. */
function currentOrigin(route: string | (() => string)): string | undefined {
  try {
    return typeof route === "function" ? route() : route;
  } catch {
    return undefined;
  }
}

function notRunning(outgoing: ServerResponse): void {
  problem(outgoing, 503, "service_unavailable", "The service is not running; try again.");
}

/** Problem document, RFC 9457. */
function problem(outgoing: ServerResponse, status: number, code: string, detail: string): void {
  const title = { 404: "Not found", 502: "Bad gateway", 503: "Service unavailable" }[status];
  const body = JSON.stringify({ type: "about:blank", title, status, code, detail });
  outgoing.writeHead(status, {
    "content-type": "application/problem+json",
    ...(status === 404 ? {} : { "retry-after": "1" }),
  });
  outgoing.end(body);
  // What is left of the request's body is read and dropped: to hang up on a client that still sends can cost it the answer.
  outgoing.req.unpipe().resume();
}
