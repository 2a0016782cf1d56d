/** A file that is uploaded first: fetched once for all its messages, sent by its id; what can't be used is said. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { api, cloudTenant, http, ledger, mesh, reaches, wasenderTenant, writes } from "./fixture.ts";

let files: Server;
let origin: string;
const fetched: string[] = [];

beforeAll(async () => {
  files = createServer((request, response) => {
    fetched.push(request.url!);
    response.writeHead(request.url === "/front.jpg" ? 200 : 404, { "content-type": "image/jpeg" });
    response.end("jpeg");
  });
  await new Promise<void>((resolve) => files.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(files.address() as AddressInfo).port}`;
});
afterAll(() => {
  files.closeAllConnections();
  files.close();
});

it("one image to five people is fetched once and delivered to each; a missing one fails and says so", async () => {
  const acme = await cloudTenant("media");
  const people = Array.from({ length: 5 }, () => acme.person());
  await Promise.all(people.map((person) => writes(acme, person)));
  const send = async (to: string, path: string) => {
    const body = { to, image: { url: origin + path, upload: true, caption: "Front view" } };
    return (await api<{ id: string }>("POST", "/v1/messages", { key: acme.key, body })).id;
  };
  const ids = await Promise.all(people.map((person) => send(person, "/front.jpg")));
  for (const id of ids) await reaches(acme, id, ["delivered", "read"]);
  expect((await ledger([acme.sender])).map(({ id, accepted }) => [id, accepted]).sort()).toEqual(
    ids.map((id) => [id, 1]).sort(),
  );

  const missing = await reaches(acme, await send(people[0]!, "/missing.jpg"), ["failed"]);
  expect(missing.reason).toMatchObject({ code: "media_unusable", detail: expect.stringContaining("404") });
  expect(fetched).toEqual(["/front.jpg", "/missing.jpg"]);
});

it("WasenderApi fetches files itself, so an upload is refused at the door", async () => {
  const globex = await wasenderTenant("media-wasender");
  const body = { to: globex.person(), image: { url: "https://cdn.example.test/a.jpg", upload: true } };
  const answer = await http("POST", `${mesh().origin}/v1/messages`, { key: globex.key, body });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: "image.upload" }] } });
});
