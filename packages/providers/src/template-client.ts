/** Templates at their provider: listed, created, changed, released, removed. Only the Cloud API has them. */
import {
  askCreation,
  askEdit,
  askRelease,
  askRemoval,
  askTemplates,
  readCreation,
  readRelease,
  readSuccess,
  readTemplates,
} from "./cloud-api/templates.ts";
import { createExchanger, type Exchange } from "./exchange.ts";
import { isHeaderSafe } from "./refusal.ts";

export type TemplateDraft = {
  name: string;
  language: string;
  category: string;
  named: boolean;
  /** As the provider spells them. */
  components: readonly object[];
  /** How long a message of it is worth delivering; null: the provider's own time. */
  ttlS: number | null;
};

/** Words in lower case; what the provider did not say is null. */
export type ProviderTemplate = {
  id: string;
  name: string;
  language: string;
  status: string;
  category: string | null;
  named: boolean;
  components: Record<string, unknown>[];
  quality: string | null;
  /** Why it was rejected. */
  reason: string | null;
};

export type TemplateTrouble =
  /** The provider says no, and would say it again. */
  | { kind: "refused"; code: string; detail: string }
  /** Unreachable, too fast, not allowed now, or no answer: done or not, nobody knows. Ask again. */
  | { kind: "later"; why: string };

export type TemplateAccount = { waba: string; token: string };

/** No call throws. `signal` is the deadline. */
export type TemplateClient = {
  /** One page; `after` of the page before. */
  list(
    of: TemplateAccount,
    filter: { after: string | null; name: string | null },
    signal: AbortSignal,
  ): Promise<ReturnType<typeof readTemplates>>;
  create(
    of: TemplateAccount,
    draft: TemplateDraft,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof readCreation>>;
  edit(
    of: { id: string; token: string },
    draft: TemplateDraft,
    withCategory: boolean,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof readSuccess>>;
  /** Ends a pause. What is not paused is refused. */
  release(of: { id: string; token: string }, signal: AbortSignal): Promise<ReturnType<typeof readRelease>>;
  remove(
    of: TemplateAccount,
    name: string,
    id: string | null,
    signal: AbortSignal,
  ): Promise<ReturnType<typeof readSuccess>>;
  close(): Promise<void>;
};

/** `baseUrl` as for createSender. */
export function createTemplateClient(options: { baseUrl: string; maxSockets?: number }): TemplateClient {
  const exchanger = createExchanger(options.baseUrl, options.maxSockets ?? 4);

  async function ask<Said>(
    token: string,
    exchange: () => Promise<Exchange>,
    read: (answer: Extract<Exchange, { kind: "answered" }>["answer"]) => Said,
  ): Promise<Said | TemplateTrouble> {
    if (!isHeaderSafe(token)) return { kind: "later", why: "the token is not of a form that can be sent" };
    const exchanged = await exchange();
    return exchanged.kind === "answered"
      ? read(exchanged.answer)
      : { kind: "later", why: `${exchanged.kind}: ${exchanged.why}` };
  }

  return {
    list: (of, filter, signal) =>
      ask(of.token, () => exchanger.get(askTemplates(of, filter), signal), readTemplates),
    create: (of, draft, signal) =>
      ask(of.token, () => exchanger.post(askCreation(of, draft), signal), readCreation),
    edit: (of, draft, withCategory, signal) =>
      ask(of.token, () => exchanger.post(askEdit(of, draft, withCategory), signal), readSuccess),
    release: (of, signal) => ask(of.token, () => exchanger.post(askRelease(of), signal), readRelease),
    remove: (of, name, id, signal) =>
      ask(
        of.token,
        () => exchanger.call({ method: "DELETE", ...askRemoval(of, name, id) }, signal),
        readSuccess,
      ),
    close: () => exchanger.close(),
  };
}
