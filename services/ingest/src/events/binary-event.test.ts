import { expect, test } from "vitest";
import { binaryEvent } from "./binary-event.ts";
import { cloudEvent } from "./cloud-event.ts";

const headers = {
  "content-type": "application/json",
  "ce-specversion": "1.0",
  "ce-id": "e1",
  "ce-source": "/crm",
  "ce-type": "user_onboarded",
  "ce-subject": "M%C3%BCller",
  authorization: "Bearer x",
};

test("headers and body make the event that the structured mode writes in one", () => {
  const event = binaryEvent(headers, { phone: "+1" });
  expect(cloudEvent.parse(event)).toEqual({
    specversion: "1.0",
    id: "e1",
    source: "/crm",
    type: "user_onboarded",
    subject: "Müller",
    datacontenttype: "application/json",
    data: { phone: "+1" },
  });
});

test("a header that is no percent encoding is taken as it is", () => {
  expect(binaryEvent({ ...headers, "ce-subject": "100%" }, {})).toMatchObject({ subject: "100%" });
});

test("the content type of another mode wins, and without headers ce-… there is no event in binary mode", () => {
  expect(
    binaryEvent({ ...headers, "content-type": "application/cloudevents+json; charset=utf-8" }, {}),
  ).toBeNull();
  expect(binaryEvent({ "content-type": "application/json" }, {})).toBeNull();
});
