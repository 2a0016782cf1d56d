/** `POST /messages/read` with WhatsApp's own key of the message. */
import { isObject, parseJson } from "../json.ts";
import type { ReadMarks } from "../read-mark.ts";
import { isHeaderSafe } from "../refusal.ts";

export const readMarks: ReadMarks = {
  buildRequest({ credentials }, { providerId, chat }) {
    if (credentials.kind !== "wasender" || !isHeaderSafe(credentials.apiKey) || chat === null) return null;
    return {
      path: "/messages/read",
      headers: {
        authorization: `Bearer ${credentials.apiKey}`,
        "content-type": "application/json",
        accept: "application/json",
      },
      // fromMe: a message of ours is not ours to read.
      body: JSON.stringify({ key: { id: providerId, remoteJid: chat, fromMe: false } }),
    };
  },
  readAnswer({ status, body }) {
    const root = parseJson(body);
    if (!isObject(root) || status >= 500) return { kind: "unsure", why: `HTTP ${status}` };
    if (status === 401) return { kind: "refused", code: "credentials_invalid", detail: "HTTP 401" };
    if (status === 429) return { kind: "unsure", why: "HTTP 429" };
    if (status >= 400 || root.success === false)
      return { kind: "refused", code: "provider_refused", detail: `HTTP ${status}` };
    return root.success === true ? { kind: "marked" } : { kind: "unsure", why: `HTTP ${status}` };
  },
};
