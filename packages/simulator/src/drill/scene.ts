/** For tests: a started simulator with one Cloud API account, one WasenderApi account, and a receiver of their callbacks. */
import { request } from "undici";
import type { Json } from "../http.ts";
import { type Simulator, type SimulatorOptions, startSimulator } from "../index.ts";
import { type Receiver, startReceiver } from "./receiver.ts";

export const APP_SECRET = "app-secret";
export const TOKEN = "token-1";
export const NUMBER = "301000000000001";
export const PAT = "pat-1";

export type Answer = { status: number; headers: Record<string, string | string[] | undefined>; body: Json };

export type Scene = {
  sim: Simulator;
  receiver: Receiver;
  session: { id: number; apiKey: string; webhookSecret: string };
  /** How long a caller waits for an answer. */
  deadlineMs: number;
  control(method: "GET" | "POST" | "PUT" | "DELETE", path: string, body?: Json): Promise<Answer>;
  call(
    method: "GET" | "POST" | "PUT" | "DELETE",
    url: string,
    token: string | null,
    body?: unknown,
  ): Promise<Answer>;
  /** Sends by the Cloud API; the body's common fields are filled in. */
  sendCloud(body: Json): Promise<Answer>;
  sendWasender(body: Json): Promise<Answer>;
  close(): Promise<void>;
};

/** Rates are high, so that only tests of pace meet them. */
export async function openScene(options: Partial<SimulatorOptions> = {}): Promise<Scene> {
  const receiver = await startReceiver();
  const sim = await startSimulator({ seed: 1, profile: "instant", ...options });

  const scene = { deadlineMs: 10_000 };
  const call: Scene["call"] = async (method, url, token, body) => {
    const answer = await request(url, {
      method,
      headers: {
        "content-type": "application/json",
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      },
      body: body === undefined ? null : typeof body === "string" ? body : JSON.stringify(body),
      signal: AbortSignal.timeout(scene.deadlineMs),
    });
    const text = await answer.body.text();
    const isJson = text.startsWith("{") && text.endsWith("}");
    return { status: answer.statusCode, headers: answer.headers, body: isJson ? JSON.parse(text) : { text } };
  };
  const control: Scene["control"] = (method, path, body) =>
    call(method, `${sim.controlUrl}${path}`, null, body);
  const must = async (path: string, body: Json) => {
    const answer = await control("POST", path, body);
    if (answer.status !== 200) throw new Error(JSON.stringify(answer.body));
    return answer.body;
  };

  await must("/apps", {
    app_id: "app",
    app_secret: APP_SECRET,
    verify_token: "verify-me",
    callback_url: receiver.url,
  });
  await must("/wabas", {
    waba_id: "201",
    app_id: "app",
    token: TOKEN,
    numbers: [{ phone_number_id: NUMBER, display_phone_number: "+1 555-000-9999", rate_per_s: 100_000 }],
    templates: [
      { name: "welcome", language: "en_US", category: "UTILITY", body_params: 2 },
      { name: "code", language: "en_US", category: "AUTHENTICATION", body_params: 1 },
      { name: "resting", language: "en_US", category: "MARKETING", status: "PAUSED" },
    ],
  });
  await must("/wasender/accounts", { pat: PAT });
  const made = await must("/wasender/sessions", {
    pat: PAT,
    name: "shop",
    phone_number: "+15550008888",
    webhook_url: receiver.url,
    rate: { per: { count: 100_000, seconds: 1 } },
  });
  const session = {
    id: made.id as number,
    apiKey: made.api_key as string,
    webhookSecret: made.webhook_secret as string,
  };
  return Object.assign(scene, {
    sim,
    receiver,
    session,
    control,
    call,
    sendCloud: (body: Json) =>
      call("POST", `${sim.cloudApiUrl}/v25.0/${NUMBER}/messages`, TOKEN, {
        messaging_product: "whatsapp",
        ...body,
      }),
    sendWasender: (body: Json) => call("POST", `${sim.wasenderUrl}/send-message`, session.apiKey, body),
    async close() {
      await sim.close();
      await receiver.close();
    },
  });
}

export function welcome(to: string, echo: string, name = "Mara"): Json {
  return {
    to,
    type: "template",
    biz_opaque_callback_data: echo,
    template: {
      name: "welcome",
      language: { code: "en_US" },
      components: [
        {
          type: "body",
          parameters: [
            { type: "text", text: name },
            { type: "text", text: "88" },
          ],
        },
      ],
    },
  };
}

type Envelope = { entry: { changes: { value: { statuses?: Json[]; messages?: Json[] } }[] }[] };

/** All statuses in Cloud API callbacks, in the order they came. */
export function statusesIn(posts: readonly { body: Json }[]): Json[] {
  return posts
    .filter(({ body }) => body.object === "whatsapp_business_account")
    .flatMap(({ body }) => (body as unknown as Envelope).entry)
    .flatMap((entry) => entry.changes)
    .flatMap((change) => change.value.statuses ?? []);
}
