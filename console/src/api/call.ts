/** Calls the mesh's API in the name of who is signed in, for the tenant that the address names. */
import { signal } from "@preact/signals";
import { place } from "../routing/router.ts";
import { noAnswer, type Problem, problemOf } from "./problem.ts";

export type Answer<T> = { ok: true; body: T } | { ok: false; problem: Problem };

export type Query = Record<string, string | number | boolean | null | undefined>;

type CallOptions = {
  query?: Query;
  /** Sent as JSON. */
  json?: unknown;
  /** Sent as it is. */
  raw?: { type: string; body: BodyInit };
  signal?: AbortSignal;
  /** Default: the tenant of the address; null: nobody's. */
  tenant?: string | null;
};

/** Set when an answer says that nobody is signed in any more; the sign-in shows it. */
export const signedOut = signal<Problem | null>(null);

export async function call<T>(method: string, path: string, options: CallOptions = {}): Promise<Answer<T>> {
  const { query = {}, json, raw, tenant = place.value.tenant } = options;
  const given = Object.entries(query).filter(([, value]) => value != null && value !== "");
  const search = new URLSearchParams(given.map(([name, value]) => [name, String(value)])).toString();
  // Without this header the cookie counts for nothing, and no other site's page can send it.
  const headers: Record<string, string> = { "wamesh-console": "1" };
  if (tenant !== null) headers["wamesh-tenant"] = tenant;
  if (json !== undefined) headers["content-type"] = "application/json";
  if (raw !== undefined) headers["content-type"] = raw.type;
  const body = json !== undefined ? JSON.stringify(json) : raw?.body;
  let response: Response;
  let answer: unknown;
  try {
    response = await fetch(search === "" ? path : `${path}?${search}`, {
      method,
      headers,
      ...(body !== undefined && { body }),
      ...(options.signal && { signal: options.signal }),
    });
    answer = parsed(await response.text());
  } catch {
    return { ok: false, problem: noAnswer };
  }
  if (response.ok) return { ok: true, body: answer as T };
  const problem = problemOf(response.status, answer);
  if (problem.status === 401) signedOut.value = problem;
  return { ok: false, problem };
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal) =>
  call<T>("GET", path, { ...(query && { query }), ...(signal && { signal }) });

export const post = <T>(path: string, json: unknown = {}) => call<T>("POST", path, { json });

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
