import { z } from "@hono/zod-openapi";

const text = z.string().optional();

/** What the console's own routes look at, besides the body. */
export const requestHeaders = z.object({
  authorization: text,
  cookie: text,
  "wamesh-console": text.describe("1, from the console's own page."),
  "sec-fetch-site": text,
  "x-forwarded-for": text,
  "x-forwarded-proto": text,
  host: text,
});
