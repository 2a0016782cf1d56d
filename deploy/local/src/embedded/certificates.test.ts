import { X509Certificate } from "node:crypto";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:tls";
import { expect, test } from "vitest";
import { createAuthority } from "./certificates.ts";

const dayMs = 24 * 3600 * 1000;

/** What a client that trusts `ca` says to a server with this certificate: its name, or why not. */
async function reach(server: { cert: string; key: string }, ca: string): Promise<string> {
  const listening = createServer(server, (socket) => socket.end()).listen(0, "127.0.0.1");
  await once(listening, "listening");
  const socket = connect({ host: "127.0.0.1", port: (listening.address() as AddressInfo).port, ca });
  try {
    await once(socket, "secureConnect");
    return socket.getPeerCertificate().subject.CN as string;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? "";
  } finally {
    socket.destroy();
    listening.close();
  }
}

test("who trusts the authority trusts its servers, under their names only and while they are valid", async () => {
  const authority = createAuthority("test", { nowMs: Date.now() });
  const other = createAuthority("test", { nowMs: Date.now() });
  const old = createAuthority("test", { nowMs: Date.now() - 10 * dayMs, days: 5 });
  expect(await reach(authority.issue(["127.0.0.1", "localhost"]), authority.ca)).toBe("127.0.0.1");
  expect(await reach(authority.issue(["localhost"]), authority.ca)).toBe("ERR_TLS_CERT_ALTNAME_INVALID");
  expect(await reach(authority.issue(["127.0.0.1"]), other.ca)).toBe("CERT_SIGNATURE_FAILURE");
  expect(await reach(old.issue(["127.0.0.1"]), old.ca)).toBe("CERT_HAS_EXPIRED");
});

test("the authority is one, and a server is none", () => {
  const authority = createAuthority("test", { nowMs: 0, days: 2 });
  const ca = new X509Certificate(authority.ca);
  const server = new X509Certificate(authority.issue(["a.example"]).cert);
  expect([ca.ca, server.ca]).toEqual([true, false]);
  expect(server.subjectAltName).toBe("DNS:a.example");
  expect(Date.parse(server.validTo)).toBe(2 * dayMs);
});
