/**
 * Envelope encryption of credentials with AES-256-GCM. Each plaintext has a data key of its own; the data key is wrapped by
 * the newest key of a ring, so a ring key is retired by wrapping anew, without touching a ciphertext. Both layers are bound
 * to (tenant, session, version): a row copied to another place can't be opened there.
 */
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

/** 32 bytes under an id; in a ring the first is used, the others are still accepted. */
export type RingKey = { id: string; key: Uint8Array };

/** As in `wa.session.state` and in SQL. */
export type Sealed = {
  /** Id of the ring key that wraps the data key. */
  key_ring_id: string;
  /** Nonce (12 bytes), encrypted data key (32), tag (16). */
  wrapped_key: Uint8Array;
  /** 12 bytes. */
  nonce: Uint8Array;
  /** As long as the plaintext, and 16 bytes of tag. */
  ciphertext: Uint8Array;
  /** Grows with each replacement of the credential. */
  version: number;
};

/** Whose credential it is. */
export type Owner = { tenant: string; session: string };

export type Opened =
  | { kind: "opened"; plaintext: Buffer }
  /** The ring key was retired, or never known here. */
  | { kind: "unknown_key"; keyRingId: string }
  /** Changed, or another owner's. */
  | { kind: "refused" };

export type Vault = {
  seal(credential: Owner & { version: number; plaintext: Uint8Array }): Sealed;
  open(sealed: Sealed, owner: Owner): Opened;
  /** The same ciphertext under the newest ring key; the same object when it is already; null when it can't be opened. */
  rewrap(sealed: Sealed, owner: Owner): Sealed | null;
};

const nonceBytes = 12;
const tagBytes = 16;
const keyBytes = 32;

/** Throws when the ring is empty, a key has not 32 bytes or an id comes twice. */
export function createVault(options: {
  ring: readonly RingKey[];
  random?: (bytes: number) => Uint8Array;
}): Vault {
  const random = options.random ?? randomBytes;
  const [newest] = options.ring;
  if (newest === undefined) throw new Error("the key ring is empty");
  const ring = new Map(options.ring.map(({ id, key }) => [id, key]));
  if (ring.size !== options.ring.length) throw new Error("an id comes twice in the key ring");
  for (const [id, key] of ring)
    if (key.byteLength !== keyBytes) throw new Error(`ring key ${id} has not ${keyBytes} bytes`);

  function wrap(dataKey: Uint8Array, aad: Buffer): Pick<Sealed, "key_ring_id" | "wrapped_key"> {
    const nonce = random(nonceBytes);
    return {
      key_ring_id: newest!.id,
      wrapped_key: Buffer.concat([nonce, encrypt(newest!.key, nonce, dataKey, aad)]),
    };
  }

  function unwrap(sealed: Sealed, aad: Buffer): Buffer | "unknown_key" | "refused" {
    const key = ring.get(sealed.key_ring_id);
    if (key === undefined) return "unknown_key";
    const dataKey = decrypt(
      key,
      sealed.wrapped_key.subarray(0, nonceBytes),
      sealed.wrapped_key.subarray(nonceBytes),
      aad,
    );
    return dataKey?.byteLength === keyBytes ? dataKey : "refused";
  }

  return {
    seal: ({ tenant, session, version, plaintext }) => {
      const aad = bind({ tenant, session }, version);
      const dataKey = random(keyBytes);
      const nonce = random(nonceBytes);
      return { ...wrap(dataKey, aad), nonce, ciphertext: encrypt(dataKey, nonce, plaintext, aad), version };
    },
    open: (sealed, owner) => {
      const aad = bind(owner, sealed.version);
      const dataKey = unwrap(sealed, aad);
      if (dataKey === "unknown_key") return { kind: "unknown_key", keyRingId: sealed.key_ring_id };
      if (dataKey === "refused") return { kind: "refused" };
      const plaintext = decrypt(dataKey, sealed.nonce, sealed.ciphertext, aad);
      return plaintext === null ? { kind: "refused" } : { kind: "opened", plaintext };
    },
    rewrap: (sealed, owner) => {
      if (sealed.key_ring_id === newest.id) return sealed;
      const aad = bind(owner, sealed.version);
      const dataKey = unwrap(sealed, aad);
      return typeof dataKey === "string" ? null : { ...sealed, ...wrap(dataKey, aad) };
    },
  };
}

/** Additional authenticated data. JSON keeps the parts apart, whatever characters they have. */
function bind({ tenant, session }: Owner, version: number): Buffer {
  return Buffer.from(JSON.stringify([tenant, session, version]));
}

function encrypt(key: Uint8Array, nonce: Uint8Array, plaintext: Uint8Array, aad: Buffer): Buffer {
  const cipher = createCipheriv("aes-256-gcm", key, nonce).setAAD(aad);
  return Buffer.concat([cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]);
}

/** null when the tag does not fit. */
function decrypt(key: Uint8Array, nonce: Uint8Array, bytes: Uint8Array, aad: Buffer): Buffer | null {
  if (nonce.byteLength !== nonceBytes || bytes.byteLength < tagBytes) return null;
  const end = bytes.byteLength - tagBytes;
  // Without a fixed tag length GCM would accept a tag cut down to 4 bytes.
  const decipher = createDecipheriv("aes-256-gcm", key, nonce, { authTagLength: tagBytes })
    .setAAD(aad)
    .setAuthTag(bytes.subarray(end));
  try {
    return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]);
  } catch {
    return null;
  }
}
