/** Reading a request's body: never more than its limit, and JSON that every store behind us can hold. */
import { type FieldError, problem } from "./problem.ts";

/** The raw bytes. `declaredBytes`: the header content-length. Throws body_too_large before the rest is read, and body_too_slow when it has not come within `deadlineMs`. */
export async function readBytes(
  request: Request,
  declaredBytes: string | undefined,
  maxBytes: number,
  deadlineMs?: number,
): Promise<Uint8Array> {
  if (deadlineMs === undefined) return readAll(request, declaredBytes, maxBytes);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    const seconds = deadlineMs / 1000;
    const detail = `The body has to come within ${seconds} s.`;
    timer = setTimeout(() => reject(problem("body_too_slow", { detail })), deadlineMs);
  });
  const all = readAll(request, declaredBytes, maxBytes);
  // Whoever comes second is not listened to: a connection that breaks after the deadline is nobody's error.
  all.catch(() => {});
  try {
    return await Promise.race([all, late]);
  } finally {
    clearTimeout(timer);
  }
}

async function readAll(
  request: Request,
  declared: string | undefined,
  maxBytes: number,
): Promise<Uint8Array> {
  // node:http ends a body at its declared length, so a declared length needs no counting.
  if (declared !== undefined) {
    if (Number(declared) > maxBytes) throw tooLarge(maxBytes);
    return new Uint8Array(await request.arrayBuffer());
  }
  const parts: Uint8Array[] = [];
  for await (const part of limitedBody(request, declared, maxBytes)) parts.push(part);
  return Buffer.concat(parts);
}

/** The bytes as they come, no faster than they are taken. Throws body_too_large where they become too many. */
export async function* limitedBody(
  request: Request,
  declared: string | undefined,
  maxBytes: number,
): AsyncGenerator<Uint8Array> {
  if (Number(declared ?? 0) > maxBytes) throw tooLarge(maxBytes);
  let bytes = 0;
  for await (const part of request.body ?? []) {
    bytes += part.byteLength;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    yield part;
  }
}

/**
 * Without `connection: close`: node would destroy the socket while the client still sends, and the reset that follows can
 * overtake the answer. @hono/node-server reads on for 500 ms after the answer and then hangs up.
 */
function tooLarge(maxBytes: number) {
  return problem("body_too_large", { detail: `The body may have ${maxBytes} bytes at most.` });
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** JSON of a body. Throws invalid_json, or invalid_body for what no field of ours can hold. */
export function parseJson(bytes: Uint8Array): unknown {
  let value: unknown;
  try {
    value = JSON.parse(utf8.decode(bytes));
  } catch {
    throw problem("invalid_json", {
      detail: bytes.byteLength === 0 ? "The body is empty." : "The body is not valid JSON in UTF-8.",
    });
  }
  const error = unstorable(value, [], 0);
  if (error !== null) throw problem("invalid_body", { detail: error.remedy, errors: [error] });
  return value;
}

const maxDepth = 64;

/** Postgres holds no U+0000 and no half of a surrogate pair; deeper nesting would overflow the stack of a recursive walk. */
function unstorable(value: unknown, path: string[], depth: number): FieldError | null {
  const field = () => (path.length === 0 ? "(all of it)" : path.join("."));
  if (typeof value === "string") return unstorableText(value, field);
  if (value === null || typeof value !== "object") return null;
  if (depth === maxDepth)
    return {
      field: field(),
      problem: "is nested too deeply",
      remedy: `Nest objects and lists ${maxDepth} deep at most.`,
    };
  for (const [key, inner] of Object.entries(value)) {
    path.push(key);
    const error = unstorableText(key, field) ?? unstorable(inner, path, depth + 1);
    if (error !== null) return error;
    path.pop();
  }
  return null;
}

function unstorableText(text: string, field: () => string): FieldError | null {
  if (!text.includes("\u0000") && text.isWellFormed()) return null;
  return {
    field: field().replaceAll("\u0000", "\\u0000").toWellFormed(),
    problem: "holds U+0000 or half a surrogate pair",
    remedy: "Send text without them.",
  };
}
