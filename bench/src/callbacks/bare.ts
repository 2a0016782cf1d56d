/** What the receiver is compared with: the same framework, reading the body and verifying it, and nothing else. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { serve } from "@hono/node-server";
import { Hono } from "hono";

const secret = process.env.BARE_SECRET ?? "";
const app = new Hono();
app.post("/callbacks/cloud-api/:app", async (context) => {
  const body = Buffer.from(await context.req.arrayBuffer());
  const wanted = createHmac("sha256", secret).update(body).digest();
  const given = Buffer.from(context.req.header("x-hub-signature-256")?.slice("sha256=".length) ?? "", "hex");
  const fits = given.length === wanted.length && timingSafeEqual(given, wanted);
  return context.body(null, fits ? 200 : 401);
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.BARE_PORT) });
