/** What a process keeps of sealed credentials: nothing, unless it opens them. */
import type { SealedCredentials, SessionState } from "@wamesh/events";

export function withoutCredentials(session: SessionState): SessionState {
  return session.credentials === null ? session : { ...session, credentials: null };
}

/**
 * In memory of their own. Decoded bytes are cut from slabs that they share with all that was decoded about then, so that ten
 * thousand credentials would hold three times their size for as long as they live.
 */
export function withOwnBytes(session: SessionState): SessionState {
  const sealed = session.credentials;
  return sealed === null ? session : { ...session, credentials: copied(sealed) };
}

function copied(sealed: SealedCredentials): SealedCredentials {
  const parts = [sealed.wrapped_key, sealed.nonce, sealed.ciphertext];
  const bytes = Buffer.allocUnsafeSlow(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let end = 0;
  const [wrapped_key, nonce, ciphertext] = parts.map((part) => {
    bytes.set(part, end);
    end += part.byteLength;
    return bytes.subarray(end - part.byteLength, end);
  });
  return { ...sealed, wrapped_key: wrapped_key!, nonce: nonce!, ciphertext: ciphertext! };
}
