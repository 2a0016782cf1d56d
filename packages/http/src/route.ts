/** One HTTP route as a value: its contract and its handler. Each lives in a file of its own; `createApi` serves them. */
import type { z } from "@hono/zod-openapi";
import type { Caller } from "./auth.ts";
import type { Scope } from "./scopes.ts";

type Schema = z.ZodType | undefined;
type Out<Given extends Schema> = Given extends z.ZodType ? z.output<Given> : undefined;

export type RouteContract<
  Params extends Schema,
  Query extends Schema,
  Headers extends Schema,
  Body extends Schema,
  Result extends Schema,
> = {
  method: "get" | "post" | "put" | "patch" | "delete";
  /** `/v1/rules/{id}`. */
  path: string;
  summary: string;
  /** Groups routes in the API description; default the first part of the path. */
  tag?: string;
  description?: string;
  params?: Params;
  /** A strict object: unknown parameters are refused. */
  query?: Query;
  /** An object by lower-case header names; others are ignored. */
  headers?: Headers;
  /** JSON. Use strict objects: unknown fields are refused. */
  body?: Body;
  /** Content types taken besides application/json. */
  mediaTypes?: readonly string[];
  /** Default is the API's, 256 KiB. */
  maxBodyBytes?: number;
  /** A body that takes longer is not waited for; default is the server's limit of a whole request, 30 s. */
  bodyDeadlineMs?: number;
  success: { status: 200 | 201 | 202 | 204; description: string; body?: Result };
};

export type RouteRequest<
  Params extends Schema,
  Query extends Schema,
  Headers extends Schema,
  Body extends Schema,
> = {
  params: Out<Params>;
  query: Out<Query>;
  headers: Out<Headers>;
  body: Out<Body>;
  /** Aborted when the client has gone. */
  signal: AbortSignal;
  requestId: string;
  /** Adds to the request's one log line. No recipients, bodies or secrets. */
  note(facts: Record<string, string | number | boolean | null>): void;
};

/** What a handler answers: the body that `success` promises, or a whole Response where that says too little. */
export type RouteAnswer<Result extends Schema> =
  | ({ headers?: Record<string, string> } & (Result extends z.ZodType
      ? { body: z.input<Result> }
      : { body?: undefined }))
  | Response;

/** A route without its types, as the API holds it. */
export type ApiRoute = RouteContract<Schema, Schema, Schema, Schema, Schema> & {
  /** null: anyone may call it. */
  scope: Scope | null;
  /** Its handler reads the body itself, as the bytes sent: for what is verified before it is parsed, or too large for memory. */
  raw: boolean;
  /** What is uploaded to it, where that is no JSON. */
  upload?: Upload;
  handle(
    request: RouteRequest<Schema, Schema, Schema, Schema> & {
      caller: Caller | null;
      readBody: () => Promise<Uint8Array>;
      chunks: () => AsyncIterable<Uint8Array>;
    },
  ): Promise<RouteAnswer<Schema>>;
};

export type Upload = { mediaType: string; description: string; example: string };

/** A route for holders of an API key with this scope. */
export function route<
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Headers extends Schema = undefined,
  Body extends Schema = undefined,
  Result extends Schema = undefined,
>(
  spec: RouteContract<Params, Query, Headers, Body, Result> & {
    scope: Scope;
    handle(
      request: RouteRequest<Params, Query, Headers, Body> & { caller: Caller },
    ): Promise<RouteAnswer<Result>>;
  },
): ApiRoute {
  return { ...spec, raw: false } as unknown as ApiRoute;
}

/**
 * A route that anyone may call, and that verifies the caller itself (a provider's callback). It reads the body as bytes when
 * it knows that it wants it; a body that is too large or too slow is thrown as the problem it is.
 */
export function publicRoute<
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Headers extends Schema = undefined,
  Result extends Schema = undefined,
>(
  spec: Omit<RouteContract<Params, Query, Headers, undefined, Result>, "body"> & {
    handle(
      request: Omit<RouteRequest<Params, Query, Headers, undefined>, "body"> & {
        readBody: () => Promise<Uint8Array>;
      },
    ): Promise<RouteAnswer<Result>>;
  },
): ApiRoute {
  return { ...spec, scope: null, raw: true } as unknown as ApiRoute;
}

/**
 * A route that takes a file larger than memory should hold: its handler reads the body as it comes, up to `maxBodyBytes`. A body
 * of another content type, or one that is too large, is thrown as the problem it is.
 */
export function uploadRoute<
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Headers extends Schema = undefined,
  Result extends Schema = undefined,
>(
  spec: Omit<RouteContract<Params, Query, Headers, undefined, Result>, "body"> & {
    scope: Scope;
    upload: Upload;
    handle(
      request: Omit<RouteRequest<Params, Query, Headers, undefined>, "body"> & {
        caller: Caller;
        chunks: () => AsyncIterable<Uint8Array>;
      },
    ): Promise<RouteAnswer<Result>>;
  },
): ApiRoute {
  return { ...spec, raw: true } as unknown as ApiRoute;
}

/** A route that anyone may call, with a body of JSON: what lets people in (signing in) can't ask who they are. */
export function openRoute<
  Params extends Schema = undefined,
  Query extends Schema = undefined,
  Headers extends Schema = undefined,
  Body extends Schema = undefined,
  Result extends Schema = undefined,
>(
  spec: RouteContract<Params, Query, Headers, Body, Result> & {
    handle(request: RouteRequest<Params, Query, Headers, Body>): Promise<RouteAnswer<Result>>;
  },
): ApiRoute {
  return { ...spec, scope: null, raw: false } as unknown as ApiRoute;
}
