/** A file that is uploaded first: fetched once for all its messages, sent by its id; what can't be used is said. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, it } from "vitest";
import { api, cloudTenant, http, ledger, mesh, reaches, until, wasenderTenant, writes } from "./fixture.ts";

let files: Server;
let origin: string;
const fetched: string[] = [];

beforeAll(async () => {
  files = createServer((request, response) => {
    fetched.push(request.url!);
    response.writeHead(request.url === "/missing.jpg" ? 404 : 200, { "content-type": "image/jpeg" });
    response.end(
      request.url === "/page.jpg" ? "<!doctype html>" : Buffer.from("ffd8ffe000104a464946", "hex"),
    );
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
  const disguised = await reaches(acme, await send(people[0]!, "/page.jpg"), ["failed"]);
  expect(disguised.reason).toMatchObject({
    code: "media_unusable",
    detail: expect.stringContaining("bytes"),
  });
  expect(fetched).toEqual(["/front.jpg", "/missing.jpg", "/page.jpg"]);
});

it("a file in the header of a template is fetched once and sent by its id", async () => {
  const acme = await cloudTenant("media-header");
  const { key } = acme;
  const name = "new_collection";
  const { id } = await api<{ id: string }>("POST", "/v1/templates", {
    key,
    body: {
      ...{ session_id: acme.session, name, language: "en_US", category: "utility", submit: true },
      components: [
        { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::aW"] } },
        { type: "BODY", text: "It is here." },
      ],
    },
  });
  await until("the template to be approved", async () => {
    const { state } = await api<{ state: string }>("GET", `/v1/templates/${id}`, { key });
    return state === "approved" || undefined;
  });
  const link = `${origin}/header.jpg`;
  const parameters = [{ kind: "image", value: { link, upload: true } }];
  const template = { name, language: "en_US", components: [{ kind: "header", parameters }] };
  const send = (to: string) =>
    http<{ id: string }>("POST", `${mesh().origin}/v1/messages`, { key, body: { to, template } });
  const first = await until("the template to be known at the door", async () => {
    const answer = await send(acme.person());
    return answer.status === 202 ? answer.body : undefined;
  });
  const second = await send(acme.person());
  for (const message of [first.id, second.body.id]) await reaches(acme, message, ["delivered", "read"]);
  // The simulator takes an id that was uploaded for this account, and no other.
  expect(fetched.filter((path) => path === "/header.jpg")).toHaveLength(1);
});

it("WasenderApi fetches files itself, so an upload is refused at the door", async () => {
  const globex = await wasenderTenant("media-wasender");
  const body = { to: globex.person(), image: { url: "https://cdn.example.test/a.jpg", upload: true } };
  const answer = await http("POST", `${mesh().origin}/v1/messages`, { key: globex.key, body });
  expect(answer).toMatchObject({ status: 422, body: { errors: [{ field: "image.upload" }] } });
});
