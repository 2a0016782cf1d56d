/** Files: POST /graph/{version}/{phone_number_id}/media, and GET and DELETE of what came of it. */
import { createHash } from "node:crypto";
import { answerJson, type Call, readBytes } from "../http.ts";
import type { Sim } from "../sim.ts";
import { findNumber, findWaba } from "./access.ts";
import { cloudError } from "./errors.ts";

const MB = 1_000_000;
/** Types of which Meta says how large a file may be; others are documents. As of 2026-11-21. */
const most: readonly [RegExp, number][] = [
  [/^image\/(jpeg|png)$/, 5 * MB],
  [/^image\/webp$/, MB / 2],
  [/^video\/(mp4|3gpp)$/, 16 * MB],
  [/^audio\/(aac|amr|mpeg|mp4|ogg)$/, 16 * MB],
];
const MAX_FILE_BYTES = 100 * MB;
const FORM_BYTES = 10_000;

export async function receiveMedia(sim: Sim, call: Call, phoneNumberId: string): Promise<void> {
  const found = findNumber(sim.world, call, phoneNumberId);
  const body = await readBytes(call.req, MAX_FILE_BYTES + FORM_BYTES);
  if (found.kind === "refused") return answerJson(call.res, found.error.http, found.error.body);
  const refuse = (details: string) => {
    const error = cloudError(100, details);
    answerJson(call.res, error.http, error.body);
  };
  const form = body === undefined ? null : await formOf(call, body);
  const file = form?.get("file");
  if (form?.get("messaging_product") !== "whatsapp")
    return refuse("The parameter messaging_product is required.");
  if (!(file instanceof File)) return refuse("The parameter file is required.");
  const mimeType = form.get("type") ?? file.type;
  if (typeof mimeType !== "string" || !/^[\w.+-]+\/[\w.+-]+$/.test(mimeType))
    return refuse("Param file must be a file with one of the supported types.");
  const maxBytes = most.find(([type]) => type.test(mimeType))?.[1] ?? MAX_FILE_BYTES;
  if (file.size === 0 || file.size > maxBytes) return refuse(`Param file must be of 1 to ${maxBytes} bytes.`);
  const bytes = Buffer.from(await file.arrayBuffer());
  const id = `9${String(sim.nextNumber()).padStart(14, "0")}`;
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  sim.world.files.set(id, { id, wabaId: found.number.waba.wabaId, mimeType, bytes: bytes.length, sha256 });
  answerJson(call.res, 200, { id });
}

/** What is there is told; the file's own bytes are not kept, so its url leads nowhere. */
export function mediaOf(sim: Sim, call: Call, id: string) {
  const file = sim.world.files.get(id)!;
  const found = findWaba(sim.world, call, file.wabaId);
  if (found.kind === "refused") return answerJson(call.res, found.error.http, found.error.body);
  if (call.method === "DELETE") {
    sim.world.files.delete(id);
    return answerJson(call.res, 200, { success: true });
  }
  answerJson(call.res, 200, {
    messaging_product: "whatsapp",
    url: `https://lookaside.example.test/${id}`,
    mime_type: file.mimeType,
    sha256: file.sha256,
    file_size: file.bytes,
    id,
  });
}

async function formOf(call: Call, body: Buffer): Promise<FormData | null> {
  const headers = { "content-type": call.req.headers["content-type"] ?? "" };
  try {
    return await new Response(Buffer.from(body), { headers }).formData();
  } catch {
    return null;
  }
}
