/** Connections to addresses that were checked, and to nothing else. */
import { Agent, buildConnector } from "undici";
import { type Allowed, guard, isAllowed, portOf, type Resolve, resolveAll } from "./address-guard.ts";

/** Its message is for a tenant's eyes: it names no address of the inner network. */
export class AddressRefused extends Error {
  /** Only for now: its name has no address. */
  readonly isUnresolved: boolean;
  constructor(message: string, isUnresolved: boolean) {
    super(message);
    this.isUnresolved = isUnresolved;
  }
}

/**
 * Every new connection goes to an address that was checked a moment before; the name is not resolved again. Connections are
 * kept open and used again. The caller's signal is the deadline of headers and body.
 */
export function guardedAgent(options: {
  allow: readonly Allowed[];
  resolve?: Resolve;
  /** Plain http to addresses of `allow` only. */
  httpsOnly?: boolean;
  connectTimeoutMs: number;
}): Agent {
  const connectTo = buildConnector({ allowH2: false, timeout: options.connectTimeoutMs });

  async function checked({ protocol, hostname, port }: buildConnector.Options): Promise<string> {
    const host = hostname.includes(":") && !hostname.startsWith("[") ? `[${hostname}]` : hostname;
    const url = new URL(`${protocol}//${host}:${port}`);
    const verdict = await guard(url, options.allow, options.resolve ?? resolveAll);
    if (!verdict.ok) throw new AddressRefused(verdict.why, verdict.unresolved === true);
    if (options.httpsOnly && protocol !== "https:" && !isAllowed(verdict.address, portOf(url), options.allow))
      throw new AddressRefused("the address must begin with https://", false);
    return verdict.address;
  }

  return new Agent({
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
    headersTimeout: 0,
    bodyTimeout: 0,
  });
}
