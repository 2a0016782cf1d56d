/** What each provider can carry. Facts of the outside world as of 2026-11-20, from the providers' documentation. */
export const capabilities = {
  cloud_api: {
    name: "The Cloud API",
    content: { text: true, template: true },
    recipient: { phone: true, bsuid: true, group: true, channel: false },
  },
  wasender: {
    name: "WasenderApi",
    content: { text: true, template: false },
    recipient: { phone: true, bsuid: false, group: true, channel: true },
  },
} as const;
