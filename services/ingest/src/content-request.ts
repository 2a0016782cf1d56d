/** What a message may say, as a client asks for it. Lengths and counts are WhatsApp's, as of 2026-11-21. */
import { z } from "@hono/zod-openapi";

/** WhatsApp's limit for a text body. */
export const textBody = z.string().min(1).max(4096);
export const variableText = z.string().min(1).max(1024);
export const templateName = z
  .string()
  .regex(/^[a-z0-9_]{1,512}$/, "lower-case letters, digits and underscores only");
export const languageCode = z.string().regex(/^[a-z]{2,3}(_[A-Za-z]{2,4})?$/, "a code like en or en_US");
export const variableName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, "letters, digits, underscores");
export const providerMessageId = z.string().min(1).max(512);

/** Links, amounts and dates fit easily; files travel by id or address. */
function isSmall(object: object): boolean {
  return JSON.stringify(object).length <= 8192;
}

const fileKinds: readonly string[] = ["image", "video", "document"];

const parameter = z
  .strictObject({
    kind: z
      .enum([
        "text",
        "payload",
        "currency",
        "date_time",
        "image",
        "video",
        "document",
        "location",
        "coupon_code",
      ])
      .default("text"),
    name: variableName.optional(),
    value: z.union([variableText, z.record(z.string(), z.unknown()).refine(isSmall, "is too large")]),
  })
  .superRefine(({ kind, value }, found) => {
    if (typeof value === "string" || value.upload === undefined) return;
    const say = (field: string, message: string) =>
      found.addIssue({ code: "custom", message, path: ["value", field] });
    if (!fileKinds.includes(kind)) say("upload", "only a file is uploaded");
    else if (typeof value.upload !== "boolean") say("upload", "true or false");
    else if (value.upload && value.id !== undefined) say("upload", "only what has a link can be uploaded");
    else if (value.upload && !fileAddress.safeParse(value.link).success)
      say("link", "the address of the file");
  });

const component = z.strictObject({
  kind: z.enum(["header", "body", "button"]),
  sub_type: z.enum(["quick_reply", "url", "copy_code"]).optional(),
  index: z.int().min(0).max(9).optional(),
  parameters: z.array(parameter).min(1).max(64),
});

const fileAddress = z
  .url({ protocol: /^https?$/, error: "an https address" })
  .max(2048)
  .describe("https; http only with upload, from an address that the operator has opened.");

const file = z.strictObject({
  url: fileAddress.optional(),
  upload: z
    .boolean()
    .optional()
    .describe(
      "Fetch url once and upload the file to the provider, instead of having it fetch the file itself.",
    ),
  provider_id: z.string().min(1).max(256).optional().describe("The provider's own id of a file it has."),
});

const whereItIs = z.superRefine<FileRequest>(({ url, provider_id, upload }, found) => {
  const say = (field: keyof FileRequest, message: string) =>
    found.addIssue({ code: "custom", message, path: [field] });
  if ((url === undefined) === (provider_id === undefined)) say("url", "url or provider_id, one of them");
  else if (url === undefined && upload === true) say("upload", "only what has a url can be uploaded");
  else if (url !== undefined && upload !== true && !/^https:/i.test(url)) say("url", "an https address");
});

const caption = z.string().min(1).max(1024).optional();
const viewOnce = z.boolean().optional();

const reply = z.strictObject({
  type: z.literal("reply"),
  reply: z.strictObject({ id: z.string().min(1).max(256), title: z.string().min(1).max(20) }),
});
const row = z.strictObject({
  id: z.string().min(1).max(200),
  title: z.string().min(1).max(24),
  description: z.string().min(1).max(72).optional(),
});
const section = z.strictObject({
  title: z.string().min(1).max(24).optional(),
  rows: z.array(row).min(1).max(10),
});
const around = {
  header: z.looseObject({ type: z.enum(["text", "image", "video", "document"]) }).optional(),
  footer: z.strictObject({ text: z.string().min(1).max(60) }).optional(),
};
const bodyOf = (most: number) => z.strictObject({ text: z.string().min(1).max(most) });

/** The provider's object. Kinds whose shape is not known here travel as they are. */
const interactive = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("button"),
      ...around,
      body: bodyOf(1024),
      action: z.strictObject({
        buttons: z
          .array(reply)
          .min(1)
          .max(3)
          .refine((buttons) => areDistinct(buttons.map((one) => one.reply.id)), "ids must differ"),
      }),
    }),
    z.strictObject({
      type: z.literal("list"),
      ...around,
      body: bodyOf(4096),
      action: z.strictObject({
        button: z.string().min(1).max(20),
        sections: z
          .array(section)
          .min(1)
          .max(10)
          .refine((all) => all.reduce((sum, one) => sum + one.rows.length, 0) <= 10, "ten rows in all")
          .refine(
            (all) => all.length === 1 || all.every((one) => one.title !== undefined),
            "more than one section need titles",
          ),
      }),
    }),
    z.strictObject({
      type: z.literal("cta_url"),
      ...around,
      body: bodyOf(1024),
      action: z.strictObject({
        name: z.literal("cta_url"),
        parameters: z.strictObject({ display_text: z.string().min(1).max(20), url: z.url().max(2000) }),
      }),
    }),
    z.strictObject({
      type: z.literal("location_request_message"),
      body: bodyOf(1024),
      action: z.strictObject({ name: z.literal("send_location") }),
    }),
    z.looseObject({
      type: z.enum([
        "flow",
        "product",
        "product_list",
        "catalog_message",
        "call_permission_request",
        "order_details",
        "order_status",
        "address_message",
      ]),
    }),
  ])
  .refine(isSmall, "is too large");

function areDistinct(values: readonly string[]): boolean {
  return new Set(values).size === values.length;
}

const card = z.strictObject({
  name: z.string().min(1).max(256),
  first_name: z.string().min(1).max(128).optional(),
  last_name: z.string().min(1).max(128).optional(),
  company: z.string().min(1).max(128).optional(),
  phones: z.array(z.string().min(3).max(32)).max(16).default([]),
  emails: z.array(z.email().max(254)).max(16).default([]),
  urls: z.array(z.url().max(2048)).max(16).default([]),
});

export const template = z.strictObject({
  name: templateName,
  language: languageCode,
  variables: z
    .union([z.array(variableText).max(64), z.record(variableName, variableText)])
    .optional()
    .describe("Values of the body: a list for numbered variables, an object for named ones."),
  components: z.array(component).max(16).optional(),
});

export const contentShape = {
  text: z.strictObject({ body: textBody, preview_url: z.boolean().default(false) }).optional(),
  template: template.optional(),
  image: file.extend({ caption, view_once: viewOnce }).check(whereItIs).optional(),
  video: file.extend({ caption, view_once: viewOnce }).check(whereItIs).optional(),
  audio: file.extend({ voice: z.boolean().optional(), view_once: viewOnce }).check(whereItIs).optional(),
  document: file
    .extend({ caption, file_name: z.string().min(1).max(240).optional() })
    .check(whereItIs)
    .optional(),
  sticker: file.check(whereItIs).optional(),
  location: z
    .strictObject({
      latitude: z.number().min(-90).max(90),
      longitude: z.number().min(-180).max(180),
      name: z.string().min(1).max(256).optional(),
      address: z.string().min(1).max(512).optional(),
    })
    .optional(),
  contacts: z.array(card).min(1).max(257).optional(),
  reaction: z
    .strictObject({
      message_id: providerMessageId.describe("The provider's id of the message it is for."),
      emoji: z.string().max(32).describe("Empty takes it away."),
    })
    .optional(),
  interactive: interactive.optional().describe("The provider's object, as its documentation has it."),
  poll: z
    .strictObject({
      question: z.string().min(1).max(255),
      options: z.array(z.string().min(1).max(100)).min(2).max(12).refine(areDistinct, "options must differ"),
      multi_select: z.boolean().default(false),
    })
    .optional(),
};

export type ContentName = keyof typeof contentShape;
export const contentNames = Object.keys(contentShape) as ContentName[];

export type FileRequest = {
  url?: string | undefined;
  upload?: boolean | undefined;
  provider_id?: string | undefined;
  caption?: string | undefined;
  file_name?: string | undefined;
  voice?: boolean | undefined;
  view_once?: boolean | undefined;
};
