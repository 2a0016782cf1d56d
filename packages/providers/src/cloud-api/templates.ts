/** Templates at Meta: the requests of the management API and what its answers say. Pure. */
import type { Answer, HttpQuestion, HttpRequest } from "../exchange.ts";
import { isObject, type JsonObject, listAt, objectAt, parseJson, textAt } from "../json.ts";
import { scrub } from "../scrub.ts";
import type { ProviderTemplate, TemplateDraft, TemplateTrouble } from "../template-client.ts";
import { rowOf } from "./errors.ts";

/** 25 of the largest templates, escaped as Meta escapes, stay below what one answer may hold. */
const pageSize = 25;
const fields = "id,name,language,status,category,parameter_format,components,quality_score,rejected_reason";

const headersOf = (token: string) => ({ accept: "application/json", authorization: `Bearer ${token}` });
const edgeOf = (waba: string) => `/${encodeURIComponent(waba)}/message_templates`;

export function askTemplates(
  of: { waba: string; token: string },
  filter: { after: string | null; name: string | null },
): HttpQuestion {
  const query = new URLSearchParams({ fields, limit: String(pageSize) });
  if (filter.name !== null) query.set("name", filter.name);
  if (filter.after !== null) query.set("after", filter.after);
  return { path: `${edgeOf(of.waba)}?${query}`, headers: headersOf(of.token) };
}

export function askCreation(of: { waba: string; token: string }, draft: TemplateDraft): HttpRequest {
  return request(edgeOf(of.waba), of.token, {
    name: draft.name,
    language: draft.language,
    ...contentOf(draft),
    parameter_format: draft.named ? "NAMED" : "POSITIONAL",
  });
}

/** `withCategory`: Meta keeps the category of a template that was approved. */
export function askEdit(
  of: { id: string; token: string },
  draft: TemplateDraft,
  withCategory: boolean,
): HttpRequest {
  const { category, ...rest } = contentOf(draft);
  return request(`/${encodeURIComponent(of.id)}`, of.token, withCategory ? { category, ...rest } : rest);
}

/** Releases a template that Meta paused while it was pacing it. */
export function askRelease(of: { id: string; token: string }): HttpRequest {
  return request(`/${encodeURIComponent(of.id)}/unpause`, of.token, {});
}

/** One language when the id is known, else all of the name. */
export function askRemoval(
  of: { waba: string; token: string },
  name: string,
  id: string | null,
): HttpQuestion {
  const query = new URLSearchParams(id === null ? { name } : { hsm_id: id, name });
  return { path: `${edgeOf(of.waba)}?${query}`, headers: headersOf(of.token) };
}

export function readTemplates(
  answer: Answer,
): { kind: "page"; templates: ProviderTemplate[]; after: string | null } | TemplateTrouble {
  const trouble = troubleIn(answer);
  if (trouble !== null) return trouble;
  const root = parseJson(answer.body);
  if (!isObject(root) || !Array.isArray(root.data))
    return { kind: "later", why: `HTTP ${answer.status} without a list of templates` };
  const paging = objectAt(root, "paging");
  return {
    kind: "page",
    templates: root.data.flatMap((one) => templateOf(one) ?? []),
    // Cursors are there on the last page too; only `next` says that there is more.
    after: textAt(paging, "next") === null ? null : textAt(objectAt(paging, "cursors"), "after"),
  };
}

export function readCreation(
  answer: Answer,
): { kind: "created"; id: string; status: string; category: string | null } | TemplateTrouble {
  const trouble = troubleIn(answer);
  if (trouble !== null) return trouble;
  const root = parseJson(answer.body);
  const id = textAt(root, "id");
  if (id === null) return { kind: "later", why: `HTTP ${answer.status} without an id` };
  return {
    kind: "created",
    id,
    status: textAt(root, "status")?.toLowerCase() ?? "pending",
    category: textAt(root, "category")?.toLowerCase() ?? null,
  };
}

/** Meta may say no without an error: asking again would change nothing. */
export function readRelease(answer: Answer): { kind: "done" } | TemplateTrouble {
  const read = readSuccess(answer);
  const root = parseJson(answer.body);
  if (read.kind !== "later" || !isObject(root) || root.success !== false) return read;
  return {
    kind: "refused",
    code: "not_released",
    detail: scrub(textAt(root, "reason") ?? "It stays paused."),
  };
}

/** Of an edit or a removal. */
export function readSuccess(answer: Answer): { kind: "done" } | TemplateTrouble {
  const trouble = troubleIn(answer);
  if (trouble !== null) return trouble;
  const root = parseJson(answer.body);
  return isObject(root) && root.success === true
    ? { kind: "done" }
    : { kind: "later", why: `HTTP ${answer.status} without success` };
}

/** Null for an answer that is no error. */
function troubleIn({ status, body }: Answer): TemplateTrouble | null {
  const error = objectAt(parseJson(body), "error");
  if (error === null) return status >= 200 && status <= 299 ? null : { kind: "later", why: `HTTP ${status}` };
  const { row, code } = rowOf(error, status);
  const detail = sentenceOf(error);
  return row.retry === "after" || error.is_transient === true
    ? { kind: "later", why: `code ${code}: ${detail}` }
    : { kind: "refused", code, detail };
}

/** Meta says what is wrong with a template in the words meant for a user; `message` is often just "Invalid parameter". */
function sentenceOf(error: JsonObject): string {
  const user = [textAt(error, "error_user_title"), textAt(error, "error_user_msg")].filter(Boolean);
  const details = textAt(objectAt(error, "error_data"), "details") ?? textAt(error, "message") ?? "";
  return scrub(user.length > 0 ? user.join(": ") : details);
}

function templateOf(value: unknown): ProviderTemplate | null {
  const id = textAt(value, "id");
  const name = textAt(value, "name");
  const language = textAt(value, "language");
  if (id === null || name === null || language === null) return null;
  const reason = textAt(value, "rejected_reason");
  return {
    id,
    name,
    language,
    status: textAt(value, "status")?.toLowerCase() ?? "",
    category: textAt(value, "category")?.toLowerCase() ?? null,
    named: textAt(value, "parameter_format")?.toUpperCase() === "NAMED",
    components: listAt(value, "components").filter(isObject),
    quality: textAt(objectAt(value, "quality_score"), "score")?.toLowerCase() ?? null,
    reason: reason === null || reason === "NONE" ? null : scrub(reason),
  };
}

function contentOf(draft: TemplateDraft) {
  return {
    category: draft.category.toUpperCase(),
    components: draft.components,
    ...(draft.ttlS === null ? {} : { message_send_ttl_seconds: draft.ttlS }),
  };
}

function request(path: string, token: string, body: object): HttpRequest {
  const headers = { ...headersOf(token), "content-type": "application/json" };
  return { path, headers, body: JSON.stringify(body) };
}
