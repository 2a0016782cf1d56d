import { content } from "@wamesh/events";
import { outboundMessage } from "@wamesh/testing";
import { describe, expect, it } from "vitest";
import { fileOf, withUpload } from "./message-file.ts";

const link = "https://files.test/a";
const body = {
  kind: "body" as const,
  sub_type: null,
  index: null,
  parameters: [{ kind: "text", name: null, value: '{"upload":true,"link":"x"}' }],
};
const header = (kind: string, value: string) => ({
  ...{ kind: "header" as const, sub_type: null, index: null },
  parameters: [{ kind, name: null, value }],
});
const templated = (...components: ReturnType<typeof header>[]) =>
  outboundMessage({
    provider: "cloud_api",
    content: content("template", {
      template: { name: "sale", language: "en", components: [...components, body] },
    }),
  });

describe("the header of a template", () => {
  it.each([
    ["an image to upload", "image", { link, upload: true }, { kind: "image", url: link }],
    ["a document", "document", { link, upload: true, filename: "a.pdf" }, { kind: "document", url: link }],
    ["an image by its address", "image", { link }, null],
    ["an image by its id", "image", { id: "9" }, null],
    ["a place", "location", { upload: true, link }, null],
  ])("%s", (_what, kind, value, file) => {
    expect(fileOf(templated(header(kind, JSON.stringify(value))))).toEqual(file);
  });

  it("is sent by the upload's id, and all else stays as it was", () => {
    const message = templated(header("document", JSON.stringify({ link, upload: true, filename: "a.pdf" })));
    const sent = withUpload(message, "901");
    const [first, second] = sent.content.template!.components;
    expect(JSON.parse(first!.parameters[0]!.value)).toEqual({ id: "901", filename: "a.pdf" });
    expect(second).toEqual(body);
    expect(fileOf(sent)).toBeNull();
    expect(message).toEqual(
      templated(header("document", JSON.stringify({ link, upload: true, filename: "a.pdf" }))),
    );
  });

  it("that is no JSON is left to the provider's judgement", () => {
    expect(fileOf(templated(header("image", '"upload": nonsense')))).toBeNull();
  });
});

it("a message without a file has none, and one through WasenderApi is never uploaded", () => {
  expect(
    fileOf(
      outboundMessage({
        provider: "cloud_api",
        content: content("text", { text: { body: "Hi", preview_url: false } }),
      }),
    ),
  ).toBeNull();
  expect(
    fileOf({ ...templated(header("image", JSON.stringify({ link, upload: true }))), provider: "wasender" }),
  ).toBeNull();
});
