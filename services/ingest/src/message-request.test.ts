import { expect, test } from "vitest";
import { contentOf } from "./content.ts";
import { messageRequest } from "./message-request.ts";

const text = { to: "+15551234567", text: { body: "Hi" } };
const to = { to: "+15551234567" };
const url = "https://cdn.example.test/a";
const poll = { question: "Which slot?", options: ["AM", "PM"] };
const buttons = (count: number, id?: string) => ({
  type: "button",
  body: { text: "Well?" },
  action: {
    buttons: Array.from({ length: count }, (_, i) => ({
      type: "reply",
      reply: { id: id ?? String(i), title: `B${i}` },
    })),
  },
});
const list = (sections: object[]) => ({
  type: "list",
  body: { text: "Well?" },
  action: { button: "Open", sections },
});
const headed = (kind: string, value: object) =>
  template({ components: [{ kind: "header", parameters: [{ kind, value }] }] });
const template = (fields: object) => ({
  to: "+15551234567",
  template: { name: "welcome", language: "en_US", ...fields },
});

test.each<[string, object, string]>([
  ["an unknown field", { ...text, lame: "otp" }, ""],
  ["an unknown field inside", { ...text, text: { body: "Hi", bold: true } }, "text"],
  ["a wrong type", { ...text, ttl_s: "60" }, "ttl_s"],
  ["no recipient", { text: { body: "Hi" } }, "to"],
  ["no content", { to: "+15551234567" }, "text"],
  ["two contents", { ...text, ...template({}) }, "template"],
  ["two contents of other kinds", { ...to, sticker: { url }, poll }, "poll"],
  ["a file that is nowhere", { ...to, image: {} }, "image.url"],
  ["a file at two places", { ...to, image: { url, provider_id: "9" } }, "image.url"],
  ["a file that is not fetched by https", { ...to, video: { url: "http://a.test/b" } }, "video.url"],
  [
    "an upload of what the provider has",
    { ...to, image: { provider_id: "9", upload: true } },
    "image.upload",
  ],
  [
    "an upload in a header of what the provider has",
    headed("image", { id: "9", link: url, upload: true }),
    "template.components.0.parameters.0.value.upload",
  ],
  [
    "an upload in a header from nowhere",
    headed("document", { upload: true }),
    "template.components.0.parameters.0.value.link",
  ],
  [
    "an upload of a place",
    headed("location", { latitude: 1, upload: true }),
    "template.components.0.parameters.0.value.upload",
  ],
  ["a file by http in capitals", { ...to, video: { url: "HTTP://a.test/b" } }, "video.url"],
  ["a caption below a sticker", { ...to, sticker: { url, caption: "x" } }, "sticker"],
  ["a name of an image", { ...to, image: { url, file_name: "x" } }, "image"],
  ["a place that is none", { ...to, location: { latitude: 91, longitude: 0 } }, "location.latitude"],
  ["no cards", { ...to, contacts: [] }, "contacts"],
  ["a card without a name", { ...to, contacts: [{ phones: ["+15550002222"] }] }, "contacts.0.name"],
  ["one choice", { ...to, poll: { question: "?", options: ["a"] } }, "poll.options"],
  ["a choice twice", { ...to, poll: { question: "?", options: ["a", "a"] } }, "poll.options"],
  ["four buttons", { ...to, interactive: buttons(4) }, "interactive.action.buttons"],
  ["buttons of one id", { ...to, interactive: buttons(2, "same") }, "interactive.action.buttons"],
  ["an interactive kind nobody knows", { ...to, interactive: { type: "slider" } }, "interactive.type"],
  [
    "sections without titles",
    { ...to, interactive: list([{ rows: [{ id: "1", title: "a" }] }, { rows: [{ id: "2", title: "b" }] }]) },
    "interactive.action.sections",
  ],
  ["an empty text", { ...text, text: { body: "" } }, "text.body"],
  ["a text longer than WhatsApp takes", { ...text, text: { body: "x".repeat(4097) } }, "text.body"],
  ["a lane that does not exist", { ...text, lane: "fast" }, "lane"],
  ["a time to live beyond 30 days", { ...text, ttl_s: 30 * 86400 + 1 }, "ttl_s"],
  ["a time without zone", { ...text, send_at: "2026-11-20T10:00:00" }, "send_at"],
  ["a session and a pool", { ...text, session_id: "ses_1", pool: "default" }, "pool"],
  [
    "variables beside a body component",
    template({ variables: ["Mara"], components: [{ kind: "body", parameters: [{ value: "Mara" }] }] }),
    "template.variables",
  ],
  [
    "a button without position",
    template({ components: [{ kind: "button", parameters: [{ value: "x" }] }] }),
    "template.components.0",
  ],
])("%s is refused with its field", (_, body, field) => {
  const parsed = messageRequest.safeParse(body);
  expect(parsed.error?.issues.map((issue) => issue.path.join("."))).toContain(field);
});

const parameter = (name: string | null, value: string) => ({ kind: "text", name, value });

test.each<[string, object, object]>([
  ["no variables: no components", {}, []],
  [
    "a list: numbered values of the body",
    { variables: ["Mara", "88"] },
    [
      {
        kind: "body",
        sub_type: null,
        index: null,
        parameters: [parameter(null, "Mara"), parameter(null, "88")],
      },
    ],
  ],
  [
    "an object: named values of the body",
    { variables: { first_name: "Mara" } },
    [{ kind: "body", sub_type: null, index: null, parameters: [parameter("first_name", "Mara")] }],
  ],
  [
    "a file to upload travels so, one that is not as the provider knows it",
    {
      components: [
        {
          kind: "header",
          parameters: [
            { kind: "image", value: { link: "http://files.test/a", upload: true } },
            { kind: "image", value: { link: url, upload: false } },
          ],
        },
      ],
    },
    [
      {
        kind: "header",
        sub_type: null,
        index: null,
        parameters: [
          { kind: "image", name: null, value: '{"link":"http://files.test/a","upload":true}' },
          { kind: "image", name: null, value: `{"link":"${url}"}` },
        ],
      },
    ],
  ],
  [
    "components are kept, objects as JSON",
    { components: [{ kind: "header", parameters: [{ kind: "image", value: { id: "9" } }] }] },
    [
      {
        kind: "header",
        sub_type: null,
        index: null,
        parameters: [{ kind: "image", name: null, value: '{"id":"9"}' }],
      },
    ],
  ],
])("template with %s", (_, fields, components) => {
  const request = messageRequest.parse(template(fields));
  expect(contentOf(request).template).toEqual({ name: "welcome", language: "en_US", components });
});

const nothing = {
  text: null,
  template: null,
  media: null,
  location: null,
  contacts: null,
  reaction: null,
  interactive: null,
  poll: null,
};
const media = {
  ...{ url, provider_id: null, caption: null, file_name: null },
  ...{ voice: false, view_once: false, upload: false },
};

test.each<[string, object, object]>([
  [
    "image",
    { url, caption: "Front", view_once: true },
    { media: { ...media, caption: "Front", view_once: true } },
  ],
  ["video", { provider_id: "9" }, { media: { ...media, url: null, provider_id: "9" } }],
  ["audio", { url, voice: true }, { media: { ...media, voice: true } }],
  ["document", { url, file_name: "a.pdf" }, { media: { ...media, file_name: "a.pdf" } }],
  ["sticker", { url }, { media }],
  ["image", { url, upload: true }, { media: { ...media, upload: true } }],
  [
    "image",
    { url: "http://files.test/a", upload: true },
    { media: { ...media, url: "http://files.test/a", upload: true } },
  ],
  [
    "location",
    { latitude: 59.33, longitude: 18.06, name: "Depot" },
    { location: { latitude: 59.33, longitude: 18.06, name: "Depot", address: null } },
  ],
  [
    "contacts",
    [{ name: "Mara Lind", phones: ["+15550002222"] }],
    {
      contacts: {
        cards: [
          {
            name: "Mara Lind",
            first_name: null,
            last_name: null,
            company: null,
            phones: ["+15550002222"],
            emails: [],
            urls: [],
          },
        ],
      },
    },
  ],
  ["reaction", { message_id: "wamid.X", emoji: "" }, { reaction: { message_id: "wamid.X", emoji: "" } }],
  ["interactive", buttons(3), { interactive: { kind: "button", json: JSON.stringify(buttons(3)) } }],
  [
    "interactive",
    { type: "flow", action: { name: "flow" } },
    { interactive: { kind: "flow", json: '{"type":"flow","action":{"name":"flow"}}' } },
  ],
  ["poll", poll, { poll: { ...poll, multi_select: false } }],
])("%s %j travels whole", (kind, asked, field) => {
  expect(contentOf(messageRequest.parse({ ...to, [kind]: asked }))).toEqual({ ...nothing, ...field, kind });
});
