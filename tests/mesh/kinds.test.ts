/** Every kind of content through each provider that carries it, to the receipt; what one can't carry is refused at the door. */
import { expect, it } from "vitest";
import {
  api,
  cloudTenant,
  http,
  ledger,
  mesh,
  reaches,
  type TestTenant,
  wasenderTenant,
  writes,
} from "./fixture.ts";

const url = "https://cdn.example.test/file";
const file = { url };
const poll = { question: "Which slot?", options: ["AM", "PM"] };
const buttons = {
  type: "button",
  body: { text: "Well?" },
  action: { buttons: [{ type: "reply", reply: { id: "yes", title: "Yes" } }] },
};
const shared: [string, unknown][] = [
  ["text", { body: "Hello" }],
  ["image", { url, caption: "Front view" }],
  ["image", file],
  ["video", file],
  ["audio", file],
  ["document", { url, file_name: "invoice.pdf" }],
  ["sticker", file],
  ["location", { latitude: 59.33, longitude: 18.06, name: "Depot" }],
  ["location", { latitude: 59.33, longitude: 18.06 }],
  ["contacts", [{ name: "Mara Lind", phones: ["+15550002222"] }]],
];

async function sendAll(
  tenant: TestTenant,
  contents: readonly [string, unknown][],
  people: readonly string[] = [],
): Promise<string[]> {
  const ids: string[] = [];
  for (const [i, [kind, content]] of contents.entries()) {
    const to = people[i] ?? tenant.person();
    const body = { to, [kind]: content };
    ids.push((await api<{ id: string }>("POST", "/v1/messages", { key: tenant.key, body })).id);
  }
  return ids;
}

/** A file that the tenant uploaded to Meta itself. */
async function uploadedFile(tenant: TestTenant): Promise<string> {
  const form = new FormData();
  form.set("messaging_product", "whatsapp");
  form.set("type", "video/mp4");
  form.set("file", new Blob(["mp4"], { type: "video/mp4" }), "file");
  const answer = await fetch(`${mesh().simulator}/graph/v25.0/${tenant.sender}/media`, {
    method: "POST",
    headers: { authorization: `Bearer token-of-${tenant.id}` },
    body: form,
  });
  return ((await answer.json()) as { id: string }).id;
}

async function refusedField(tenant: TestTenant, content: object): Promise<[number, string | undefined]> {
  const body = { to: tenant.person(), ...content };
  const answer = await http<{ errors?: { field: string }[] }>("POST", `${mesh().origin}/v1/messages`, {
    key: tenant.key,
    body,
  });
  return [answer.status, answer.body.errors?.[0]?.field];
}

it("Cloud API carries all but polls and what opens only once", async () => {
  const acme = await cloudTenant("kinds-cloud");
  const contents: [string, unknown][] = [
    ...shared,
    ["video", { provider_id: await uploadedFile(acme) }],
    ["audio", { url, voice: true }],
    ["interactive", buttons],
    ["reaction", { message_id: "wamid.ABC", emoji: "👍" }],
  ];
  // Anything may be sent to who wrote within a day.
  const people = contents.map(() => acme.person());
  await Promise.all(people.map((person) => writes(acme, person)));
  const ids = await sendAll(acme, contents, people);
  for (const id of ids) await reaches(acme, id, ["delivered", "read"]);
  const received = await ledger([acme.sender]);
  expect(received.map(({ id, accepted }) => [id, accepted]).sort()).toEqual(ids.map((id) => [id, 1]).sort());
  expect(await refusedField(acme, { poll })).toEqual([422, "poll"]);
  expect(await refusedField(acme, { image: { url, view_once: true } })).toEqual([422, "image.view_once"]);
});

it("WasenderApi carries files by address, places, a card and polls, and each is recognised again by what it says", async () => {
  const globex = await wasenderTenant("kinds-wasender");
  const contents: [string, unknown][] = [...shared, ["image", { url, view_once: true }], ["poll", poll]];
  const ids = await sendAll(globex, contents);
  // The receipt names no id of ours: to be delivered, it was matched.
  for (const id of ids) await reaches(globex, id, ["delivered", "read"]);
  expect(await ledger([globex.sender])).toHaveLength(ids.length);
  expect(await refusedField(globex, { interactive: buttons })).toEqual([422, "interactive"]);
  expect(await refusedField(globex, { sticker: { provider_id: "9" } })).toEqual([422, "sticker.provider_id"]);
});
