/** One POST to a tenant's endpoint: signed, guarded, bounded in time and size, and never redirected. */
import { Webhook } from "standardwebhooks";
import { Agent, buildConnector, request } from "undici";
import { type Allowed, guard, type Resolve, resolveAll } from "../address-guard.ts";
import { type Answer, retryAfterMs } from "./outcome.ts";

export type Call = (
  to: { url: string; secret: string },
  webhook: { id: string; body: string },
  signal: AbortSignal,
) => Promise<Answer>;

const deadlineMs = 15_000;
const maxAnswerBytes = 64 * 1024;

/** `call` never throws; an aborted one ends as `none`. Connections are kept open and used again. */
export function createCaller(options: {
  allow: readonly Allowed[];
  resolve?: Resolve;
  deadlineMs?: number;
  now: () => number;
}): {
  call: Call;
  close(): Promise<void>;
} {
  const connectTo = buildConnector({ allowH2: false, timeout: options.deadlineMs ?? deadlineMs });
  const agent = new Agent({
    // Every new connection goes to an address that was checked a moment before; the name is not resolved again.
    connect(target, done) {
      checked(target).then(
        (address) => {
          // The certificate is checked against the name, not against the address.
          const servername =
            target.protocol === "https:" ? { servername: target.servername ?? target.hostname } : {};
          connectTo({ ...target, hostname: address, ...servername }, done);
        },
        (error: Error) => done(error, null),
      );
    },
    keepAliveTimeout: 30_000,
  });

  async function checked({ protocol, hostname, port }: buildConnector.Options): Promise<string> {
    const host = hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
    const url = new URL(`${protocol}//${host}:${port}`);
    const verdict = await guard(url, options.allow, options.resolve ?? resolveAll);
    if (verdict.ok) return verdict.address;
    throw new AddressRefused(verdict.why);
  }

  return {
    async call({ url, secret }, { id, body }, signal) {
      const at = new Date(options.now());
      try {
        const answer = await request(url, {
          dispatcher: agent,
          method: "POST",
          headers: {
            "content-type": "application/json",
            "user-agent": "wamesh",
            "webhook-id": id,
            "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
            "webhook-signature": new Webhook(secret).sign(id, at, body),
          },
          body,
          signal: AbortSignal.any([signal, AbortSignal.timeout(options.deadlineMs ?? deadlineMs)]),
        });
        // The status is the answer. The body is read only so that the connection can be used again.
        await answer.body.dump({ limit: maxAnswerBytes }).catch(() => {});
        const wait = answer.headers["retry-after"];
        return {
          kind: "answered",
          status: answer.statusCode,
          retryAfterMs: retryAfterMs(typeof wait === "string" ? wait : undefined, options.now()),
        };
      } catch (error) {
        return { kind: "none", why: reasonOf(error) };
      }
    },
    close: () => agent.destroy(),
  };
}

class AddressRefused extends Error {}

/** For the tenant's eyes: no address of the inner network. */
function reasonOf(error: unknown): string {
  if (error instanceof AddressRefused) return `address_refused: ${error.message}`;
  if (!(error instanceof Error)) return "failed";
  if (error.name === "TimeoutError") return "timeout";
  return "code" in error ? String(error.code) : error.name;
}
