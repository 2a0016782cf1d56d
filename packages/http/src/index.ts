export { type Api, type ApiOptions, createApi, type Limited } from "./api.ts";
export type { Caller, KeyDirectory, KeyFacts, TenantFacts } from "./auth.ts";
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
  publicRoute,
  type RouteAnswer,
  type RouteRequest,
  route,
  uploadRoute,
} from "./route.ts";
export { covers, isGrantable, type Scope, scopes } from "./scopes.ts";
