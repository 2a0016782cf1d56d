/** What is planted: each value stands nowhere else in the world. */
import { randomBytes } from "node:crypto";

export const hex = randomBytes(6).toString("hex");
export const digits = String(Number.parseInt(hex.slice(0, 6), 16) % 10 ** 5).padStart(5, "3");
export const word = (what: string) => `canary${what}${hex}`;

/** A person's number, E.164. */
export const numbers = {
  recipient: `+155571${digits}`.slice(0, 12),
  otherRecipient: `+155572${digits}`.slice(0, 12),
  customer: `+155573${digits}`.slice(0, 12),
  ofEvent: `+155574${digits}`.slice(0, 12),
  ofList: `+155576${digits}`.slice(0, 12),
  impossible: `+999${digits}${digits}`,
};
export const texts = {
  variable: word("variable"),
  text: word("text"),
  inbound: word("inbound"),
  ofEvent: word("ofevent"),
  ofList: word("oflist"),
  refused: word("refused"),
  broken: word("broken"),
};
/** Filled while things are made. */
export const secrets: Record<string, string> = {
  accessToken: `EAA${word("token")}`,
  badToken: `EAA${word("badtoken")}`,
  qr: `2@${word("qr")}${randomBytes(18).toString("base64")}`,
};
