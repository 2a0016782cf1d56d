/** The Cloud API's error envelope and the codes this imitation can answer. Data as of Graph v25.0, September 2026. */

type Row = { http: number; type: string; message: string };

const rows = {
  1: { http: 400, type: "OAuthException", message: "API Unknown" },
  100: { http: 400, type: "OAuthException", message: "Invalid parameter" },
  104: { http: 401, type: "OAuthException", message: "Missing access token" },
  190: {
    http: 401,
    type: "OAuthException",
    message: "Invalid OAuth access token - Cannot parse access token",
  },
  130429: { http: 400, type: "OAuthException", message: "Rate limit hit" },
  131000: { http: 500, type: "OAuthException", message: "Something went wrong" },
  131008: { http: 400, type: "OAuthException", message: "Required parameter is missing" },
  131005: { http: 403, type: "OAuthException", message: "Access denied" },
  131009: { http: 400, type: "OAuthException", message: "Parameter value is not valid" },
  131016: { http: 500, type: "OAuthException", message: "Service unavailable" },
  131021: { http: 400, type: "OAuthException", message: "Recipient cannot be sender" },
  131056: {
    http: 400,
    type: "OAuthException",
    message: "(Business Account, Consumer Account) pair rate limit hit",
  },
  132000: {
    http: 400,
    type: "OAuthException",
    message: "Number of parameters does not match the expected number of params",
  },
  132012: {
    http: 400,
    type: "OAuthException",
    message: "Parameter format does not match format in the created template",
  },
  132001: { http: 404, type: "OAuthException", message: "Template name does not exist in the translation" },
  132015: { http: 400, type: "OAuthException", message: "Template is paused" },
  132016: { http: 400, type: "OAuthException", message: "Template is disabled" },
  132018: { http: 400, type: "OAuthException", message: "Template parameter validation failed" },
  133004: { http: 503, type: "OAuthException", message: "Server temporarily unavailable" },
  133005: { http: 400, type: "OAuthException", message: "Two step verification PIN Mismatch" },
  133010: { http: 400, type: "OAuthException", message: "Phone number not registered" },
  133016: { http: 400, type: "OAuthException", message: "Account register deregister rate limit exceeded" },
} as const satisfies Record<number, Row>;

export type CloudErrorCode = keyof typeof rows;

export type CloudError = { http: number; code: number; body: unknown };

export function cloudError(code: CloudErrorCode, details: string): CloudError {
  const row = rows[code];
  return {
    http: row.http,
    code,
    body: {
      error: {
        message: `(#${code}) ${row.message}`,
        type: row.type,
        code,
        error_data: { messaging_product: "whatsapp", details },
        fbtrace_id: "A0simulatorTrace0",
      },
    },
  };
}

/** A refusal by a code that an operator of the simulator chose; one that this imitation never answers itself has no words of its own. */
export function refusal(code: number): CloudError {
  const details = "The message was not taken.";
  if (code in rows) return cloudError(code as CloudErrorCode, details);
  const { http, body } = cloudError(131000, details);
  const { error } = body as { error: object };
  return {
    http,
    code,
    body: { error: { ...error, code, message: `(#${code}) ${rows[131000].message}` } },
  };
}

/** A template that is not taken: always code 100, the subcode and the words meant for users say why. */
export function templateError(subcode: number, title: string, text: string): CloudError {
  return {
    http: 400,
    code: 100,
    body: {
      error: {
        message: "Invalid parameter",
        type: "OAuthException",
        code: 100,
        error_subcode: subcode,
        is_transient: false,
        error_user_title: title,
        error_user_msg: text,
        fbtrace_id: "A0simulatorTrace0",
      },
    },
  };
}

/** What Graph says of an object that isn't there or isn't yours: the same words on purpose. */
export function noSuchObject(id: string, method: string): CloudError {
  const message =
    `Unsupported ${method.toLowerCase()} request. Object with ID '${id}' does not exist, cannot be loaded due to missing ` +
    "permissions, or does not support this operation.";
  return {
    http: 400,
    code: 100,
    body: {
      error: {
        message,
        type: "GraphMethodException",
        code: 100,
        error_subcode: 33,
        fbtrace_id: "A0simulatorTrace0",
      },
    },
  };
}

/** Titles of failures that arrive later, in a `failed` status. */
const LATER: Record<number, string> = {
  130472: "User's number is part of an experiment",
  131000: "Something went wrong",
  131026: "Message undeliverable",
  131047: "Re-engagement message",
  131049: "This message was not delivered to maintain healthy ecosystem engagement.",
  131050: "Unable to deliver the message. This recipient has chosen to stop receiving marketing messages.",
  131053: "Media upload error",
};

export function laterError(code: number): unknown {
  const title = LATER[code] ?? "Something went wrong";
  return {
    code,
    title,
    message: title,
    error_data: { details: title },
    href: "/documentation/business-messaging/whatsapp/support/error-codes",
  };
}
