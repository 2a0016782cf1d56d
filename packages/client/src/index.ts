/** wamesh's API for TypeScript: typed calls that may be repeated without harm, and the check of its webhooks. */
export {
  type Client,
  type ClientOptions,
  createClient,
  orThrow,
  type Paths,
  type Problem,
  type Schemas,
  WameshError,
} from "./client.ts";
export { type ReadWebhook, readWebhook, type WebhookEvent } from "./webhook.ts";
