import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openScene, type Scene, TOKEN } from "../drill/scene.ts";
import type { Json } from "../http.ts";

let scene: Scene;
beforeEach(async () => {
  scene = await openScene();
});
afterEach(() => scene.close());

const graph = (method: "GET" | "POST" | "DELETE", path: string, body?: unknown) =>
  scene.call(method, `${scene.sim.cloudApiUrl}/v25.0/${path}`, TOKEN, body);
const submit = (over: object = {}) => graph("POST", "201/message_templates", { ...order, ...over });
const order = {
  name: "order_ready",
  language: "en_US",
  category: "UTILITY",
  components: [
    { type: "header", format: "image", example: { header_handle: ["4::aW"] } },
    { type: "body", text: "Hi {{1}}, it is ready.", example: { body_text: [["Mara"]] } },
    {
      type: "buttons",
      buttons: [{ type: "url", text: "Track", url: "https://a.test/{{1}}", example: ["https://a.test/8"] }],
    },
  ],
};
const image = { type: "header", parameters: [{ type: "image", image: { link: "https://a.test/a.jpg" } }] };
const body = { type: "body", parameters: [{ type: "text", text: "Mara" }] };
const button = { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "88" }] };
const send = (...components: object[]) =>
  scene.sendCloud({
    to: "+15550001111",
    type: "template",
    template: { name: "order_ready", language: { code: "en_US" }, components },
  });

type Change = { field: string; value: Json };
async function changes(count: number): Promise<Change[]> {
  const of = (posts: readonly { body: Json }[]) =>
    posts
      .flatMap((post) => (post.body as unknown as { entry: { changes: Change[] }[] }).entry)
      .flatMap((entry) => entry.changes)
      .filter(({ field }) => field !== "messages");
  return of(await scene.receiver.until((posts) => of(posts).length >= count));
}

test("a template is submitted, approved after its review, told of, and then it can be sent", async () => {
  await scene.control("PUT", "/wabas/201/review", { verdict: "wait" });
  const made = await submit();
  expect(made).toMatchObject({ status: 200, body: { status: "PENDING", category: "UTILITY" } });
  expect(await send(image, body, button)).toMatchObject({ status: 404, body: { error: { code: 132_001 } } });
  const approved = { name: "order_ready", language: "en_US", status: "APPROVED" };
  await scene.control("PUT", "/wabas/201/templates", approved);
  expect(await changes(1)).toMatchObject([
    {
      field: "message_template_status_update",
      value: {
        event: "APPROVED",
        message_template_id: Number(made.body.id),
        message_template_name: "order_ready",
      },
    },
  ]);
  expect(await send(image, body, button)).toMatchObject({ status: 200 });
});

test.each<["approve" | "reject", string]>([
  ["approve", "APPROVED"],
  ["reject", "REJECTED"],
])("reviews end by themselves: %s", async (verdict, event) => {
  await scene.control("PUT", "/wabas/201/review", { verdict });
  await submit();
  expect(await changes(1)).toMatchObject([{ value: { event } }]);
});

test("quality and category are told as Meta tells them", async () => {
  await scene.control("PUT", "/wabas/201/templates", {
    name: "welcome",
    language: "en_US",
    quality: "RED",
    category: "MARKETING",
  });
  expect(
    (await changes(2)).map(({ field, value }) => [field, value.new_quality_score ?? value.new_category]),
  ).toEqual(
    expect.arrayContaining([
      ["message_template_quality_update", "RED"],
      ["template_category_update", "MARKETING"],
    ]),
  );
});

describe("what does not fit the template is refused", () => {
  beforeEach(async () => {
    await submit();
    await changes(1);
  });
  test.each<[string, object[], number]>([
    ["no file for the header", [body, button], 132_012],
    ["a text for a file", [{ ...image, parameters: [{ type: "text", text: "x" }] }, body, button], 132_012],
    [
      "a file that the account did not upload",
      [{ ...image, parameters: [{ type: "image", image: { id: "9" } }] }, body, button],
      100,
    ],
    ["no body values", [image, button], 132_000],
    ["no value for the button", [image, body], 131_008],
    ["a value for a button that isn't there", [image, body, button, { ...button, index: "1" }], 132_018],
  ])("%s", async (_name, components, code) => {
    expect(await send(...components)).toMatchObject({ body: { error: { code } } });
  });
  test("the same again is fine when it fits", async () => {
    expect(await send(image, body, button)).toMatchObject({ status: 200 });
  });
});

const card = (format: string) => ({
  components: [
    { type: "HEADER", format },
    { type: "BODY", text: "A fern." },
  ],
});
const marketing = (component: object) => ({
  category: "MARKETING",
  components: [{ type: "BODY", text: "Hi." }, component],
});

test("a carousel and an offer are taken", async () => {
  const carousel = marketing({ type: "CAROUSEL", cards: [card("IMAGE"), card("IMAGE")] });
  const offer = marketing({ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon" } });
  expect((await submit({ name: "plants", ...carousel })).status).toBe(200);
  expect((await submit({ name: "sale", ...offer })).status).toBe(200);
});

test.each<[string, object, number]>([
  ["no body", { components: [] }, 2_388_072],
  ["a variable at the end", { components: [{ type: "BODY", text: "Hi {{1}}" }] }, 2_388_299],
  ["a variable without sample", { components: [{ type: "BODY", text: "Hi {{1}}!" }] }, 2_388_072],
  ["a carousel of one card", marketing({ type: "CAROUSEL", cards: [card("IMAGE")] }), 2_388_039],
  ["cards under a text", marketing({ type: "CAROUSEL", cards: [card("TEXT"), card("TEXT")] }), 2_388_039],
  [
    "an offer of 17 characters",
    marketing({ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "x".repeat(17) } }),
    2_388_039,
  ],
  [
    "a utility carousel",
    { ...marketing({ type: "CAROUSEL", cards: [card("IMAGE"), card("IMAGE")] }), category: "UTILITY" },
    2_388_039,
  ],
  ["a name that is taken", { name: "welcome", components: [{ type: "BODY", text: "Hi" }] }, 2_388_024],
])("%s is not taken", async (_name, over, subcode) => {
  expect(await submit(over)).toMatchObject({
    status: 400,
    body: { error: { code: 100, error_subcode: subcode } },
  });
});

test("lists have pages, the fields asked for, and filters", async () => {
  const first = await graph("GET", "201/message_templates?limit=2&fields=name");
  expect(first.body).toMatchObject({ data: [{ name: "welcome" }, { name: "code" }] });
  const { cursors, next } = first.body.paging as { cursors: { after: string }; next?: string };
  expect(next).toBeDefined();
  const last = await graph("GET", `201/message_templates?limit=2&after=${cursors.after}`);
  expect(last.body.data).toMatchObject([{ name: "resting", status: "PAUSED" }]);
  expect((last.body.paging as Json).next).toBeUndefined();
  expect((await graph("GET", "201/message_templates?status=PAUSED")).body.data).toHaveLength(1);
});

test("an approved template is edited once a day and reviewed again; its category stays", async () => {
  const { id } = (await submit()).body;
  await changes(1);
  expect((await graph("POST", String(id), { category: "MARKETING" })).status).toBe(400);
  expect((await graph("POST", String(id), { components: order.components })).body).toEqual({ success: true });
  await changes(2);
  expect((await graph("POST", String(id), { components: order.components })).status).toBe(400);
});

test("a deleted template is gone, and its name can't be used for a while", async () => {
  const { id } = (await submit()).body;
  const path = `201/message_templates?name=order_ready&hsm_id=${id}`;
  expect((await graph("DELETE", path)).body).toEqual({ success: true });
  expect((await graph("GET", String(id))).status).toBe(400);
  expect(await submit()).toMatchObject({ status: 400, body: { error: { error_subcode: 2_388_023 } } });
});

test("a paused template is released by its owner", async () => {
  const [resting] = (await graph("GET", "201/message_templates?name=resting")).body.data as { id: string }[];
  expect((await graph("POST", `${resting!.id}/unpause`)).body).toEqual({ success: true });
  expect(await changes(1)).toMatchObject([{ value: { event: "APPROVED" } }]);
});
