import { afterEach, beforeEach, expect, test } from "vitest";
import { NUMBER, openScene, type Scene, TOKEN } from "../drill/scene.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

async function upload(bytes: number, type: string, token = TOKEN) {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", type);
  form.set("file", new Blob([Buffer.alloc(bytes)], { type }), "file");
  const answer = await fetch(`${scene.sim.cloudApiUrl}/v25.0/${NUMBER}/media`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}` },
    body: form,
  });
  return { status: answer.status, body: (await answer.json()) as { id?: string; error?: object } };
}

const image = (id: string) => ({ to: "+15550001111", type: "image", image: { id } });
const ofFile = (method: "GET" | "DELETE", id: string) =>
  scene.call(method, `${scene.sim.cloudApiUrl}/v25.0/${id}`, TOKEN);

test("an uploaded file is sent by its id, until it is deleted", async () => {
  const id = (await upload(7, "image/png")).body.id!;
  expect(await ofFile("GET", id)).toMatchObject({
    status: 200,
    body: { id, mime_type: "image/png", file_size: 7, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
  expect(await scene.sendCloud(image(id))).toMatchObject({ status: 200 });
  expect(await ofFile("DELETE", id)).toMatchObject({ status: 200, body: { success: true } });
  expect(await scene.sendCloud(image(id))).toMatchObject({ status: 400, body: { error: { code: 100 } } });
});

test("an id that was never given is refused", async () => {
  expect(await scene.sendCloud(image("9123"))).toMatchObject({ status: 400, body: { error: { code: 100 } } });
});

test.each([
  [5_000_001, "image/jpeg", TOKEN, { status: 400, body: { error: { code: 100 } } }],
  [0, "image/jpeg", TOKEN, { status: 400, body: { error: { code: 100 } } }],
  [1, "nonsense", TOKEN, { status: 400, body: { error: { code: 100 } } }],
  [1, "image/jpeg", "another", { status: 401, body: { error: { code: 190 } } }],
  [5_000_001, "application/pdf", TOKEN, { status: 200 }],
])("%d bytes of %s", async (bytes, type, token, answer) => {
  expect(await upload(bytes, type, token)).toMatchObject(answer);
});
