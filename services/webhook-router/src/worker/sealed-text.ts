/** A text under the service's key ring, as JSON for a column; bound to whose it is and what it is of. */
import type { Sealed, Vault } from "@wamesh/vault";

type Place = { tenant: string; id: string };
/** Bytes in base64. */
type Written = {
  key_ring_id: string;
  wrapped_key: string;
  nonce: string;
  ciphertext: string;
  version: number;
};

export function sealText(vault: Pick<Vault, "seal">, { tenant, id }: Place, text: string): string {
  return write(vault.seal({ tenant, session: id, version: 1, plaintext: Buffer.from(text) }));
}

/** Null when the ring has no key for it, or it was sealed for another place. */
export function openText(vault: Pick<Vault, "open">, { tenant, id }: Place, text: string): string | null {
  const opened = vault.open(read(text), { tenant, session: id });
  return opened.kind === "opened" ? opened.plaintext.toString() : null;
}

/** The same under the newest ring key. Null when it can't be opened. */
export function rewrapText(vault: Pick<Vault, "rewrap">, { tenant, id }: Place, text: string): string | null {
  const sealed = vault.rewrap(read(text), { tenant, session: id });
  return sealed === null ? null : write(sealed);
}

function write(sealed: Sealed): string {
  const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64");
  return JSON.stringify({
    key_ring_id: sealed.key_ring_id,
    wrapped_key: base64(sealed.wrapped_key),
    nonce: base64(sealed.nonce),
    ciphertext: base64(sealed.ciphertext),
    version: sealed.version,
  } satisfies Written);
}

function read(text: string): Sealed {
  const written = JSON.parse(text) as Written;
  const bytes = (base64: string) => Buffer.from(base64, "base64");
  return {
    key_ring_id: written.key_ring_id,
    wrapped_key: bytes(written.wrapped_key),
    nonce: bytes(written.nonce),
    ciphertext: bytes(written.ciphertext),
    version: written.version,
  };
}
