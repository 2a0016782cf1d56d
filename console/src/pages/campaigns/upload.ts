/** A list of people, from the browser into an audience. */
import { type Answer, call, get, post } from "../../api/call.ts";
import type { Audience } from "../../shapes/campaign.ts";

const askEveryMs = 1_000;

/** Makes an audience and streams the file into it; `onProgress` hears what the server has read meanwhile. */
export async function uploadAudience(
  name: string,
  file: Blob,
  onProgress: (audience: Audience) => void,
): Promise<Answer<Audience>> {
  const made = await post<Audience>("/v1/audiences", { name });
  if (!made.ok) return made;
  const path = `/v1/audiences/${encodeURIComponent(made.body.audience_id)}`;
  const timer = setInterval(async () => {
    const answer = await get<Audience>(path);
    if (answer.ok) onProgress(answer.body);
  }, askEveryMs);
  try {
    return await call<Audience>("PUT", `${path}/csv`, { raw: { type: "text/csv", body: file } });
  } finally {
    clearInterval(timer);
  }
}
