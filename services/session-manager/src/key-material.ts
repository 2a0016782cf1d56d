/** Ids and secrets: how they look and how they are made. Randomness is passed in. */

const lower = "abcdefghijklmnopqrstuvwxyz0123456789";
const base62 = `${lower}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;

/** Gives `count` random bytes. */
export type Random = (count: number) => Uint8Array;

/** `length` characters of the alphabet, each equally likely (bytes beyond the last full multiple are thrown away). */
export function randomText(random: Random, alphabet: string, length: number): string {
  const usable = 256 - (256 % alphabet.length);
  let text = "";
  while (text.length < length)
    for (const byte of random(length))
      if (byte < usable && text.length < length) text += alphabet[byte % alphabet.length];
  return text;
}

/** An id such as `ses_4f0c2m9x1k7qz8ab`: 16 characters of 36, about 82 bits. */
export function newId(random: Random, prefix: "ses" | "acc" | "tpl"): string {
  return `${prefix}_${randomText(random, lower, 16)}`;
}

export type KeyParts = { id: string; secret: string };

/** A fresh API key; 43 characters of 62 are 256 bits. */
export function newKey(random: Random): KeyParts {
  return { id: randomText(random, lower, 12), secret: randomText(random, base62, 43) };
}

/** The path part of a WasenderApi callback address: unguessable, known to the provider only. */
export function newCallbackToken(random: Random): string {
  return randomText(random, base62, 43);
}

/** Two-step verification of a number: six digits. */
export function newPin(random: Random): string {
  return randomText(random, "0123456789", 6);
}

/** What opens a link: as long as a key's secret. */
export function newLinkToken(random: Random): string {
  return randomText(random, base62, 43);
}

export function writeKey({ id, secret }: KeyParts): string {
  return `wam_${id}_${secret}`;
}

const keyPattern = /^wam_([a-z0-9]{12})_([A-Za-z0-9]{32,128})$/;

/** Parts of a full key, or null when it is not one. */
export function readKey(text: string): KeyParts | null {
  const match = keyPattern.exec(text);
  return match === null ? null : { id: match[1]!, secret: match[2]! };
}
