/** Why a callback is not taken in: what an operator sees counted. */
import { Problem } from "@wamesh/http";

export type Refused = (
  provider: "cloud_api" | "wasender",
  why: "unknown_path" | "signature" | "too_large" | "too_slow",
) => void;

/** The body's bytes; one that is not read to its end is counted before its problem goes on. */
export async function countedBody(
  readBody: () => Promise<Uint8Array>,
  refused: (why: "too_large" | "too_slow") => void,
): Promise<Buffer> {
  try {
    const { buffer, byteOffset, byteLength } = await readBody();
    return Buffer.from(buffer, byteOffset, byteLength);
  } catch (error) {
    if (error instanceof Problem && error.code === "body_too_large") refused("too_large");
    if (error instanceof Problem && error.code === "body_too_slow") refused("too_slow");
    throw error;
  }
}
