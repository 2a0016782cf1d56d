/** What somebody wrote, in one line. Pure. */
import type { Inbound } from "../../shapes/person.ts";
import { spelled } from "../../words/tone.ts";

export function inboundInWords({ kind, text, media, preference }: Inbound): string {
  if (preference !== null)
    return preference.opted_out
      ? `Wants no ${preference.scope === "all" ? "messages" : preference.scope}`
      : `Wants ${preference.scope === "all" ? "messages" : preference.scope} again`;
  if (text !== null && text !== "") return text;
  if (media !== null) {
    const what = media.voice ? "Voice message" : spelled(kind);
    return media.file_name === null ? what : `${what}: ${media.file_name}`;
  }
  return spelled(kind);
}
