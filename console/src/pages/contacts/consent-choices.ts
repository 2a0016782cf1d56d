/** What can be said for a person about messages, from what holds now. Pure. */
import type { Consent, ConsentScope } from "../../shapes/person.ts";

export type ConsentChoice = { scope: ConsentScope; opted_out: boolean; text: string; done: string };

const stop: Readonly<Record<ConsentScope, ConsentChoice>> = {
  marketing: {
    scope: "marketing",
    opted_out: true,
    text: "Stop advertising",
    done: "No advertising any more.",
  },
  all: { scope: "all", opted_out: true, text: "Stop everything", done: "Nothing is sent any more." },
};
const allow: Readonly<Record<ConsentScope, ConsentChoice>> = {
  marketing: {
    scope: "marketing",
    opted_out: false,
    text: "Allow advertising",
    done: "Advertising may be sent again.",
  },
  all: { scope: "all", opted_out: false, text: "Allow messages", done: "Messages may be sent again." },
};

/** Who stopped everything is first asked for that; advertising does not matter until then. */
export function choicesFor(consent: readonly Pick<Consent, "scope" | "opted_out">[]): ConsentChoice[] {
  const stopped = (scope: ConsentScope) => consent.some((one) => one.scope === scope && one.opted_out);
  if (stopped("all")) return [allow.all];
  return [stopped("marketing") ? allow.marketing : stop.marketing, stop.all];
}
