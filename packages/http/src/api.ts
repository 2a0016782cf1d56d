/** Serves routes: who calls, what is wrong with the request, how an error reads, one log line per request, /openapi.json. */
import { randomUUID } from "node:crypto";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { Context } from "hono";
import { authenticate, type Caller, type KeyDirectory } from "./auth.ts";
import { limitedBody, parseJson, readBytes } from "./body.ts";
import { authorizationOf, type OpenSession } from "./console-session.ts";
import { registerRoute } from "./describe-route.ts";
import { docsRoutes } from "./docs/routes.ts";
import { fieldErrors } from "./field-errors.ts";
import { headersOf } from "./headers-of.ts";
import { beginErrors, observeRequest, type RequestLog } from "./observe.ts";
import { Problem, problem, problemResponse } from "./problem.ts";
import type { ApiRoute } from "./route.ts";

export type ApiOptions = {
  service: string;
  version: string;
  /** What a reader of the API's description should know first; paragraphs are kept apart by an empty line. */
  about?: string;
  auth: {
    directory: KeyDirectory;
    verifySecret: (secret: string, hashes: readonly string[]) => boolean;
    /** Opens the console's cookie; without it, none is taken. */
    openSession?: OpenSession;
  };
  log: RequestLog;
  /** Limit of a body, unless the route says otherwise; default 256 KiB. */
  maxBodyBytes?: number;
  /** Within which a body has to come, unless the route says otherwise; default is the server's limit of a whole request. */
  bodyDeadlineMs?: number;
  /** Problem of an error thrown below (broker away, database away); null when it is a mistake of ours. */
  problemOf?: (error: unknown) => Problem | null;
  now?: () => number;
  /** Asked for each call of a key, before its body is read: how much it may call. */
  limit?: (caller: Caller) => Promise<Limited>;
};

/** `headers` go with the answer, whatever it is. */
export type Limited = { headers: Record<string, string>; problem: Problem | null };

export type Api = {
  /** `app.fetch(request)`; tests call `app.request("/v1/…", init)`. */
  app: OpenAPIHono;
  add(...routes: ApiRoute[]): void;
  /** All routes, so that a test can call each of them as the wrong tenant. */
  routes(): { method: string; path: string; scope: string | null; public: boolean }[];
};

export function createApi(options: ApiOptions): Api {
  const now = options.now ?? Date.now;
  const maxBodyBytes = options.maxBodyBytes ?? 256 * 1024;
  const app = new OpenAPIHono();
  const routes: ApiRoute[] = [];

  function problemOf(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return options.problemOf?.(error) ?? problem("internal", {}, { cause: error });
  }

  async function answer(context: Context, served: ApiRoute | null, respond: Respond): Promise<Response> {
    const given = headersOf(context)["x-request-id"];
    const requestId = given !== undefined && /^[\w.-]{8,64}$/.test(given) ? given : randomUUID();
    const limits: Record<string, string> = {};
    const response = await observeRequest(
      { context, route: served?.path ?? null, requestId, log: options.log },
      async (facts) => {
        try {
          return { response: await respond(requestId, facts, limits), problem: null };
        } catch (error) {
          const found = problemOf(error);
          return { response: problemResponse(found), problem: found };
        }
      },
    );
    response.headers.set("x-request-id", requestId);
    for (const [name, value] of Object.entries(limits)) response.headers.set(name, value);
    return response;
  }

  function add(...added: ApiRoute[]): void {
    for (const one of added) {
      routes.push(one);
      beginErrors(one.method.toUpperCase(), one.path);
      registerRoute(app.openAPIRegistry, one);
      app.on(one.method.toUpperCase(), honoPath(one.path), (context) =>
        answer(context, one, (requestId, facts, limits) => serve(context, one, requestId, facts, limits)),
      );
    }
  }

  async function serve(
    context: Context,
    one: ApiRoute,
    requestId: string,
    facts: Facts,
    limits: Record<string, string>,
  ): Promise<Response> {
    const caller = one.scope === null ? null : identify(context, one.scope, facts);
    if (caller !== null && options.limit !== undefined) {
      const limited = await options.limit(caller);
      Object.assign(limits, limited.headers);
      if (limited.problem !== null) throw limited.problem;
    }
    const params = context.req.param() as Record<string, string>;
    // Every store answers such an id with an error; there is nothing under it.
    if (Object.values(params).some((value) => value.includes("\u0000"))) throw problem("not_found");
    const request = {
      caller,
      params: check(one.params, params, "not_found"),
      query: check(one.query, queryOf(context), "invalid_query"),
      headers: check(one.headers, headersOf(context), "invalid_header"),
      body: await bodyOf(context, one),
      readBody: () => readBody(context, one),
      chunks: () => chunksOf(context, one),
      signal: context.req.raw.signal,
      requestId,
      note: (noted: Facts) => void Object.assign(facts, noted),
    };
    const result = await one.handle(request);
    if (result instanceof Response) return new Response(result.body, result);
    const headers = {
      ...(result.body !== undefined && { "content-type": "application/json" }),
      ...result.headers,
    };
    const text = result.body === undefined ? null : JSON.stringify(result.body);
    return new Response(text, { status: one.success.status, headers });
  }

  function identify(context: Context, scope: NonNullable<ApiRoute["scope"]>, facts: Facts): Caller {
    const headers = headersOf(context);
    const nowMs = now();
    const { authorization } = authorizationOf(headers, options.auth.openSession, nowMs);
    const caller = authenticate({ authorization, tenant: headers["wamesh-tenant"] }, scope, {
      ...options.auth,
      nowMs,
    });
    if (caller instanceof Problem) throw caller;
    Object.assign(facts, { tenant: caller.tenant, key_id: caller.keyId });
    if (caller.actorTenant !== caller.tenant) facts.actor_tenant = caller.actorTenant;
    return caller;
  }

  async function bodyOf(context: Context, one: ApiRoute): Promise<unknown> {
    if (one.raw || one.body === undefined) return undefined;
    checkMediaType(context, ["application/json", ...(one.mediaTypes ?? [])]);
    return check(one.body, parseJson(await readBody(context, one)), "invalid_body");
  }

  function readBody(
    context: Context,
    { maxBodyBytes: most = maxBodyBytes, bodyDeadlineMs = options.bodyDeadlineMs }: ApiRoute,
  ) {
    const declared = headersOf(context)["content-length"];
    return readBytes(context.req.raw, declared, most, bodyDeadlineMs);
  }

  function chunksOf(context: Context, { upload, maxBodyBytes: most = maxBodyBytes }: ApiRoute) {
    if (upload !== undefined) checkMediaType(context, [upload.mediaType]);
    return limitedBody(context.req.raw, headersOf(context)["content-length"], most);
  }

  function checkMediaType(context: Context, taken: readonly string[]): void {
    const sent = headersOf(context)["content-type"]?.split(";")[0]?.trim().toLowerCase();
    if (sent === undefined || !taken.includes(sent))
      throw problem("unsupported_media_type", { detail: `Send the content type ${taken.join(" or ")}.` });
  }

  let document: string | null = null;
  const openapi = () => {
    document ??= JSON.stringify(
      app.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: `wamesh ${options.service}`,
          version: options.version,
          ...(options.about !== undefined && { description: options.about }),
        },
      }),
    );
    return document;
  };
  for (const { path, answer: answered } of docsRoutes(options.service, openapi))
    app.get(path, (context) => answer(context, null, async () => answered()));
  app.notFound((context) =>
    answer(context, null, async () => {
      const allowed = routes.filter((one) => pathPattern(one.path).test(context.req.path));
      if (allowed.length === 0) throw problem("not_found", { detail: "There is nothing at this path." });
      const allow = [...new Set(allowed.map((one) => one.method.toUpperCase()))].join(", ");
      throw problem("method_not_allowed", { detail: `This path takes ${allow}.`, headers: { allow } });
    }),
  );
  // What is thrown outside of a route, by hono itself.
  app.onError((error, context) => answer(context, null, () => Promise.reject(error)));

  return {
    app,
    add,
    routes: () =>
      routes.map(({ method, path, scope }) => ({
        method: method.toUpperCase(),
        path,
        scope,
        public: scope === null,
      })),
  };
}

type Facts = Record<string, string | number | boolean | null>;
type Respond = (requestId: string, facts: Facts, limits: Record<string, string>) => Promise<Response>;

function check(
  schema: ApiRoute["body"],
  value: unknown,
  code: "not_found" | "invalid_query" | "invalid_header" | "invalid_body",
): unknown {
  if (schema === undefined) {
    if (code !== "invalid_query" || Object.keys(value as object).length === 0) return undefined;
    // A parameter that does nothing is a misunderstanding; better said now.
    throw problem(code, {
      errors: Object.keys(value as object).map((field) => ({
        field,
        problem: "is not known",
        remedy: "Leave it out.",
      })),
    });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const { errors, onlyUnknown } = fieldErrors(parsed.error.issues);
  if (code === "not_found") throw problem(code, { errors });
  throw problem(code === "invalid_body" && onlyUnknown ? "unknown_field" : code, {
    detail: errors.length === 1 ? `${errors[0]!.field} ${errors[0]!.problem}.` : `${errors.length} mistakes.`,
    errors,
  });
}

/** A parameter given twice is a list, which a schema of a single value refuses. */
function queryOf(context: Context): Record<string, string | string[]> {
  const query: Record<string, string | string[]> = {};
  for (const [name, values] of Object.entries(context.req.queries())) {
    if (values.some((value) => value.includes("\u0000")))
      throw problem("invalid_query", {
        errors: [{ field: name, problem: "holds U+0000", remedy: "Send text without it." }],
      });
    query[name] = values.length === 1 ? values[0]! : values;
  }
  return query;
}

function honoPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

function pathPattern(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}
