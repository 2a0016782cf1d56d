// An authority and certificates of its own, for servers on this machine: X.509 in DER, as little of it as TLS needs.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";
import { isIP } from "node:net";

/** In PEM. */
export type Certificate = { cert: string; key: string };

export type Authority = {
  /** PEM. */
  ca: string;
  /** For a server that answers to these host names and addresses. */
  issue(names: readonly string[]): Certificate;
};

const dayMs = 24 * 3600 * 1000;

export function createAuthority(name: string, options: { nowMs: number; days?: number }): Authority {
  const validity = { fromMs: options.nowMs - dayMs, toMs: options.nowMs + (options.days ?? 365) * dayMs };
  const keys = newKeys();
  const signed = (subject: string, publicKey: KeyObject, extensions: Buffer[]) =>
    certificate({ subject, issuer: name, publicKey, issuerKey: keys.privateKey, extensions, ...validity });
  const ca = signed(name, keys.publicKey, [
    extension(oid.basicConstraints, sequence(boolean(true)), true),
    // keyCertSign, the sixth bit.
    extension(oid.keyUsage, tagged(0x03, Buffer.from([2, 0b100])), true),
  ]);
  return {
    ca,
    issue(names) {
      const { publicKey, privateKey } = newKeys();
      const cert = signed(names[0]!, publicKey, [
        extension(oid.subjectAltName, sequence(...names.map(alternativeName)), false),
      ]);
      return { cert, key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
    },
  };
}

function newKeys() {
  return generateKeyPairSync("ec", { namedCurve: "P-256" });
}

function certificate(facts: {
  subject: string;
  issuer: string;
  publicKey: KeyObject;
  issuerKey: KeyObject;
  extensions: Buffer[];
  fromMs: number;
  toMs: number;
}): string {
  const algorithm = sequence(oid.ecdsaWithSha256);
  const body = sequence(
    tagged(0xa0, tagged(0x02, Buffer.from([2]))), // version 3
    tagged(0x02, Buffer.concat([Buffer.from([1]), randomBytes(15)])), // serial number, positive
    algorithm,
    named(facts.issuer),
    sequence(time(facts.fromMs), time(facts.toMs)),
    named(facts.subject),
    facts.publicKey.export({ type: "spki", format: "der" }),
    tagged(0xa3, sequence(...facts.extensions)),
  );
  const signature = sign("sha256", body, facts.issuerKey);
  const der = sequence(body, algorithm, tagged(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = der.toString("base64").match(/.{1,64}/g)!;
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

const oid = {
  ecdsaWithSha256: object("2a8648ce3d040302"),
  commonName: object("550403"),
  basicConstraints: object("551d13"),
  keyUsage: object("551d0f"),
  subjectAltName: object("551d11"),
};

function named(commonName: string): Buffer {
  return sequence(tagged(0x31, sequence(oid.commonName, tagged(0x0c, Buffer.from(commonName)))));
}

function extension(id: Buffer, value: Buffer, critical: boolean): Buffer {
  return sequence(id, ...(critical ? [boolean(true)] : []), tagged(0x04, value));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 4
    ? tagged(0x87, Buffer.from(name.split(".").map(Number)))
    : tagged(0x82, Buffer.from(name, "latin1"));
}

/** GeneralizedTime, to the second. */
function time(ms: number): Buffer {
  return tagged(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/\D/g, "").slice(0, 14)}Z`));
}

function object(hex: string): Buffer {
  return tagged(0x06, Buffer.from(hex, "hex"));
}

function boolean(value: boolean): Buffer {
  return tagged(0x01, Buffer.from([value ? 0xff : 0]));
}

function sequence(...parts: Buffer[]): Buffer {
  return tagged(0x30, Buffer.concat(parts));
}

function tagged(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const head =
    length < 0x80
      ? [tag, length]
      : length < 0x100
        ? [tag, 0x81, length]
        : [tag, 0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from(head), content]);
}
