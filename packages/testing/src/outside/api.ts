/** The mesh's public API as its clients use it: one function, JSON in (a string as it is) and out, an Error with the problem's own words. */
export type Api = {
  call<Answer>(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>;
};

/** Calls with `key`, on behalf of `tenant` where given. 503 and refused connections are repeated with the same headers. */
export function openApi(options: { origin: string; key: string; tenant?: string; patienceMs?: number }): Api {
  const patienceMs = options.patienceMs ?? 30_000;
  return {
    async call<Answer>(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const until = performance.now() + patienceMs;
      for (;;) {
        const answer = await attempt(method, path, body, headers).catch((error: unknown) => ({
          status: 0,
          text: String(error),
        }));
        if (answer.status >= 200 && answer.status < 300)
          return (answer.text === "" ? undefined : JSON.parse(answer.text)) as Answer;
        // A key that was made a moment ago may still be on its way to this service: as with 503, the same call again.
        // And a call given up on may still be under way inside, under the same Idempotency-Key.
        const again =
          answer.status === 0 ||
          answer.status >= 502 ||
          (answer.status === 409 && answer.text.includes("idempotency_in_progress"));
        if (!again || performance.now() > until)
          throw new Error(`${method} ${path} answered ${answer.status}: ${answer.text.slice(0, 400)}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    },
  };

  async function attempt(method: string, path: string, body: unknown, headers: Record<string, string>) {
    const response = await fetch(options.origin + path, {
      method,
      headers: {
        authorization: `Bearer ${options.key}`,
        ...(options.tenant === undefined ? {} : { "wamesh-tenant": options.tenant }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, text: await response.text() };
  }
}
