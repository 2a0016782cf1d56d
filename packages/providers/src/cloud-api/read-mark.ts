/**
 * `POST /{phone}/messages` with status read: earlier messages of the thread become read too. A typing indicator ends with the next
 * send, or after 25 s.
 */
import { isObject, objectAt, parseJson, textAt } from "../json.ts";
import type { ReadMarks } from "../read-mark.ts";
import { isHeaderSafe } from "../refusal.ts";
import { rowOf } from "./errors.ts";

export const readMarks: ReadMarks = {
  buildRequest({ credentials, providerRef }, { providerId, typing }) {
    if (credentials.kind !== "cloud_api" || !isHeaderSafe(credentials.accessToken)) return null;
    return {
      path: `/${encodeURIComponent(providerRef)}/messages`,
      headers: {
        authorization: `Bearer ${credentials.accessToken}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({
        messaging_product: "whatsapp",
        status: "read",
        message_id: providerId,
        ...(typing === true ? { typing_indicator: { type: "text" } } : {}),
      }),
    };
  },
  readAnswer({ status, body }) {
    const root = parseJson(body);
    const error = objectAt(root, "error");
    if (error !== null) {
      const { row, code } = rowOf(error, status);
      // The message of an error may repeat the token; what its code means says enough.
      return {
        kind: "refused",
        code: row.reason,
        detail: `${row.meaning} (${textAt(error, "code") ?? code})`,
      };
    }
    const isMarked = status >= 200 && status < 300 && isObject(root) && root.success === true;
    return isMarked ? { kind: "marked" } : { kind: "unsure", why: `HTTP ${status}` };
  },
};
