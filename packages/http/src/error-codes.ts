/**
 * Registry of error codes: all that the API answers with. A code is stable for good; title and remedy may be improved. The
 * shape of a request is judged with 400, its meaning with 422: a client that sends the former has a bug.
 */
type ErrorRow = { status: number; title: string; remedy: string };

export const errorCodes = {
  // Who is calling
  unauthorized: {
    status: 401,
    title: "No valid API key",
    remedy: "Send the header Authorization: Bearer wam_… with a key of this mesh.",
  },
  key_expired: { status: 401, title: "The API key has expired", remedy: "Create a new key." },
  key_revoked: { status: 401, title: "The API key was revoked", remedy: "Use another key." },
  signature_invalid: {
    status: 401,
    title: "The signature does not match the body",
    remedy: "Sign the exact bytes sent with the secret on record.",
  },
  forbidden_scope: {
    status: 403,
    title: "The API key lacks the scope",
    remedy: "Use a key with the scope named in detail.",
  },
  operator_only: {
    status: 403,
    title: "Only the operator may do this",
    remedy: "Ask the operator of this mesh.",
  },
  tenant_forbidden: {
    status: 403,
    title: "The API key does not reach this tenant",
    remedy: "Name a tenant of yours in the header wamesh-tenant, or leave the header out.",
  },
  tenant_suspended: {
    status: 403,
    title: "The tenant is suspended",
    remedy: "Ask the operator of this mesh to lift the suspension.",
  },

  // The shape of the request
  invalid_json: { status: 400, title: "The body is not JSON", remedy: "Send valid JSON in UTF-8." },
  invalid_body: {
    status: 400,
    title: "The body has mistakes",
    remedy: "Correct the fields listed in errors.",
  },
  invalid_query: {
    status: 400,
    title: "The query has mistakes",
    remedy: "Correct the parameters listed in errors.",
  },
  invalid_header: {
    status: 400,
    title: "A header is missing or wrong",
    remedy: "Correct the headers listed in errors.",
  },
  unknown_field: {
    status: 400,
    title: "The body has fields this API does not know",
    remedy: "Leave out the fields listed in errors, or correct their spelling.",
  },
  malformed_cloudevent: {
    status: 400,
    title: "The event is not a CloudEvent 1.0",
    remedy: "Send the attributes specversion, id, source and type, and correct those listed in errors.",
  },
  idempotency_key_missing: {
    status: 400,
    title: "The header Idempotency-Key is missing",
    remedy: "Send a key of your own choice, the same one when you repeat the request.",
  },
  body_too_large: { status: 413, title: "The body is too large", remedy: "Send less at once." },
  body_too_slow: {
    status: 408,
    title: "The body came too slowly",
    remedy: "Send the whole body at once, and again with a better connection.",
  },
  upload_broken: {
    status: 400,
    title: "The upload ended before its end",
    remedy: "Send the whole file once more.",
  },
  batch_too_large: { status: 413, title: "The batch has too many items", remedy: "Split it." },
  file_unusable: {
    status: 422,
    title: "Nothing can be made of the file",
    remedy: "Correct what detail says, and send it again.",
  },
  unsupported_media_type: {
    status: 415,
    title: "The content type is not taken here",
    remedy: "Send one of the content types named in detail.",
  },

  // What it is about
  not_found: { status: 404, title: "There is no such thing", remedy: "Check the path and the id in it." },
  not_yet_seen: {
    status: 404,
    title: "Nothing is known of this id yet",
    remedy: "If it was accepted a moment ago, ask again, or wait with ?wait=5.",
  },
  method_not_allowed: {
    status: 405,
    title: "The path does not take this method",
    remedy: "Use a method listed in the header Allow.",
  },
  conflict: {
    status: 409,
    title: "It contradicts what is there",
    remedy: "Read the present state and decide anew.",
  },
  quota_reached: {
    status: 409,
    title: "No more of these are allowed",
    remedy: "Delete one that is not needed, or ask the operator of this mesh for more.",
  },
  idempotency_in_progress: {
    status: 409,
    title: "The first request with this Idempotency-Key is still under way",
    remedy: "Repeat the request after the time in Retry-After.",
  },

  // What it means
  idempotency_key_reused: {
    status: 422,
    title: "The Idempotency-Key was used with another body",
    remedy: "Use a new key for a new request.",
  },
  unknown_session: {
    status: 422,
    title: "The tenant has no such session",
    remedy: "Use an id from GET /v1/sessions.",
  },
  no_session: {
    status: 422,
    title: "The pool has no session",
    remedy: "Create a session in this pool, or name another pool.",
  },
  unknown_audience: {
    status: 422,
    title: "The tenant has no such list",
    remedy: "Use an id from GET /v1/audiences.",
  },
  recipient_impossible: {
    status: 422,
    title: "No such recipient can exist",
    remedy: "Send a number in international format, for example +15551234567.",
  },
  lane_refused: {
    status: 422,
    title: "The lane does not take this message",
    remedy: "Use the lane named in errors.",
  },
  not_supported: {
    status: 422,
    title: "The session's provider can't do this",
    remedy: "Use a session of another provider, or another kind of message.",
  },
  template_invalid: {
    status: 422,
    title: "The template breaks the provider's rules",
    remedy: "Correct the fields listed in errors.",
  },
  template_unknown: {
    status: 422,
    title: "The account has no such template",
    remedy: "Use a name and language from GET /v1/templates.",
  },
  template_not_approved: {
    status: 422,
    title: "The template may not be sent",
    remedy: "Wait for its approval, or use another template.",
  },
  template_mismatch: {
    status: 422,
    title: "The values do not fit the template",
    remedy: "Send the values named in errors, as the template asks for them.",
  },
  recipient_opted_out: {
    status: 422,
    title: "The recipient does not want this message",
    remedy:
      "Send nothing of the kind until they opt in again; GET /v1/contacts/{recipient}/consent says what they said.",
  },
  expression_refused: {
    status: 422,
    title: "An expression of the rule can't be used",
    remedy: "Correct the expressions listed in errors; docs/rules.md shows the language.",
  },
  batch_refused: {
    status: 422,
    title: "Every item of the batch was refused",
    remedy: "Correct the items as listed in errors.",
  },

  // Not now
  rate_limited: {
    status: 429,
    title: "Too many requests",
    remedy: "Repeat the request after the time in Retry-After.",
  },
  otp_limit: {
    status: 429,
    title: "Too many one-time passwords",
    remedy:
      "Wait for the time in Retry-After, and look whether somebody makes your sign-in send codes for money.",
  },
  queue_full: {
    status: 429,
    title: "Too many messages are waiting",
    remedy: "Repeat the request after the time in Retry-After, when some have left.",
  },
  broker_unavailable: {
    status: 503,
    title: "Kafka can't be reached",
    remedy: "Repeat the request after the time in Retry-After, with the same Idempotency-Key.",
  },
  store_unavailable: {
    status: 503,
    title: "The database can't be reached",
    remedy: "Repeat the request after the time in Retry-After.",
  },
  not_ready: {
    status: 503,
    title: "This process is not ready",
    remedy: "Repeat the request after the time in Retry-After.",
  },
  internal: {
    status: 500,
    title: "A mistake of ours",
    remedy: "Repeat the request later; report the header X-Request-Id if it goes on.",
  },
} as const satisfies Record<string, ErrorRow>;

export type ErrorCode = keyof typeof errorCodes;
