export { type Api, type ApiOptions, createApi, type Limited } from "./api.ts";
export {
  authenticate,
  type Caller,
  type KeyDirectory,
  type KeyFacts,
  permit,
  type TenantFacts,
} from "./auth.ts";
export {
  authorizationOf,
  isFromConsole,
  type OpenSession,
  sessionAuthorization,
  sessionCookie,
} from "./console-session.ts";
export { type ErrorCode, errorCodes } from "./error-codes.ts";
export { fieldErrors } from "./field-errors.ts";
export { type Listening, listen } from "./listen.ts";
export type { RequestLog } from "./observe.ts";
export { decodeCursor, encodeCursor, maxLimit, page, pageOf, pageQuery } from "./paging.ts";
export {
  describeProblem,
  type FieldError,
  Problem,
  type ProblemDocument,
  problem,
  problemDocument,
  problemResponse,
} from "./problem.ts";
export {
  type ApiRoute,
  openRoute,
  publicRoute,
  type RouteAnswer,
  type RouteRequest,
  route,
  uploadRoute,
} from "./route.ts";
export { covers, isGrantable, type Scope, scopes } from "./scopes.ts";
