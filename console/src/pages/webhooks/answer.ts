/** What an endpoint answered, in words. Pure. */
import type { Attempt } from "../../shapes/webhook.ts";

const errors: Readonly<Record<string, string>> = {
  timeout: "It did not answer in time",
  ECONNREFUSED: "Nothing listens at the address",
  ECONNRESET: "It hung up",
  ENOTFOUND: "The host name is not known",
  address_refused: "The address is not a public one",
};

export function answerInWords({ http_status, error }: Pick<Attempt, "http_status" | "error">): string {
  if (http_status !== null) return `It answered ${http_status}`;
  if (error === null) return "There was no answer";
  const code = error.split(/[\s:]/, 1)[0]!;
  const known = errors[code];
  return known === undefined ? error : `${known} (${error})`;
}
