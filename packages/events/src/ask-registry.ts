/** One request to the schema registry, over TLS of one's own authority where there is one. */
import { request as plainRequest } from "node:http";
import { request as tlsRequest } from "node:https";
import { text } from "node:stream/consumers";
import type { RegistryOptions } from "./codec.ts";

const timeoutMs = 30_000;

/** Any answer is a value; rejects when there is none. `fetch` takes no authority of one's own. */
export async function askRegistry(
  registry: RegistryOptions,
  method: string,
  path: string,
  body?: object,
  signal = AbortSignal.timeout(timeoutMs),
): Promise<{ status: number; text: string; date: string | undefined }> {
  const { registryUrl, registryCa: ca, registryLogin: login } = registry;
  const url = new URL(`${registryUrl.replace(/\/$/, "")}${path}`);
  const request = (url.protocol === "https:" ? tlsRequest : plainRequest)(url, {
    method,
    headers: { "content-type": "application/vnd.schemaregistry.v1+json" },
    ...(login && { auth: `${login.username}:${login.password}` }),
    ...(ca !== undefined && { ca }),
    signal,
  });
  request.end(body && JSON.stringify(body));
  return new Promise((resolve, reject) => {
    request.once("error", (error) =>
      reject(new Error(`the schema registry at ${url.origin} did not answer: ${error.message}`)),
    );
    request.once("response", (answer) => {
      text(answer).then(
        (said) => resolve({ status: answer.statusCode ?? 0, text: said, date: answer.headers.date }),
        reject,
      );
    });
  });
}

/** Rejects when the registry does not answer, or with an error of its own. */
export async function checkRegistry(registry: RegistryOptions, signal: AbortSignal): Promise<void> {
  const { status } = await askRegistry(registry, "GET", "/schemas/types", undefined, signal);
  if (status >= 500) throw new Error(`the schema registry answered ${status}`);
}
