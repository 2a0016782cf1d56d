/** Joining by Embedded Signup, as Meta's reference tells it. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { APP_SECRET, openScene, type Scene } from "../drill/scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
  const numbers = [{ phone_number_id: "302", display_phone_number: "+15550009998", status: "PENDING" }];
  await scene.control("POST", "/wabas", { waba_id: "202", app_id: "app", token: "T2", numbers });
});
afterEach(() => scene.close());

const graph = (method: "GET" | "POST" | "DELETE", path: string, token: string | null, body?: unknown) =>
  scene.call(method, `${scene.sim.cloudApiUrl}/v25.0${path}`, token, body);
const signup = async () => (await scene.control("POST", "/signups", { waba_id: "202" })).body.code as string;
const exchange = (code: string, secret = APP_SECRET) =>
  graph("GET", `/oauth/access_token?client_id=app&client_secret=${secret}&code=${code}`, null);

test("a code opens once, and for its own app only", async () => {
  expect((await exchange(await signup(), "wrong")).status).toBe(400);
  const code = await signup();
  expect((await exchange(code)).body).toEqual({ access_token: "T2", token_type: "bearer" });
  expect((await exchange(code)).body).toMatchObject({ error: { code: 100 } });
});

test("the token's rights are told to the app, and nothing of a token it doesn't know", async () => {
  const ask = (token: string) => graph("GET", `/debug_token?input_token=${token}`, `app|${APP_SECRET}`);
  expect((await ask("T2")).body).toMatchObject({
    data: { is_valid: true, scopes: ["whatsapp_business_management", "whatsapp_business_messaging"] },
  });
  expect((await ask("T9")).body).toMatchObject({ data: { is_valid: false } });
  expect((await graph("GET", "/debug_token?input_token=T2", "app|wrong")).status).toBe(401);
});

test("an app is subscribed until it is removed", async () => {
  const apps = async () => ((await graph("GET", "/202/subscribed_apps", "T2")).body.data as []).length;
  expect(await apps()).toBe(0);
  expect((await graph("POST", "/202/subscribed_apps", "T2")).body).toEqual({ success: true });
  expect(await apps()).toBe(1);
  await graph("DELETE", "/202/subscribed_apps", "T2");
  expect(await apps()).toBe(0);
});

test("a number sends once it is registered; another PIN is refused, and so is the eleventh try in 72 hours", async () => {
  const register = (pin: string) =>
    graph("POST", "/302/register", "T2", { messaging_product: "whatsapp", pin });
  const text = { messaging_product: "whatsapp", to: "+15550001111", type: "text", text: { body: "hi" } };
  const send = () => graph("POST", "/302/messages", "T2", text);
  expect((await send()).body).toMatchObject({ error: { code: 133010 } });
  expect((await register("123456")).body).toEqual({ success: true });
  expect((await send()).status).toBe(200);
  expect((await register("654321")).body).toMatchObject({ error: { code: 133005 } });
  for (let n = 0; n < 8; n++) await register("123456");
  expect((await register("123456")).body).toMatchObject({ error: { code: 133016 } });
});
