import { type ApiRoute, Problem, problem, uploadRoute } from "@wamesh/http";
import { withTenants } from "@wamesh/store";
import {
  type AudienceDeps,
  audienceParams,
  audienceView,
  auditAudience,
  changeableAudience,
  viewAudience,
} from "../audiences/audience-api.ts";
import { beginUpload } from "../audiences/audience-store.ts";
import { fillAudience } from "../audiences/fill-audience.ts";

const maxBytes = 100 * 1024 * 1024;

export function putAudienceCsv(deps: AudienceDeps): ApiRoute {
  return uploadRoute({
    method: "put",
    path: "/v1/audiences/{id}/csv",
    scope: "campaigns:write",
    summary: "Upload the recipients of a list",
    description:
      "In place of what is in it. Lines that are of no use are left out and named by GET …/errors, the others stay. While it comes in, " +
      "GET /v1/audiences/{id} tells how far it is. An upload that breaks off leaves the list failed, and can be put again.",
    maxBodyBytes: maxBytes,
    params: audienceParams,
    upload: {
      mediaType: "text/csv",
      description:
        "UTF-8, up to 100 MB, 200 columns and 64 KiB a line, parted by comma, semicolon or tab. The first line names the columns: to " +
        "(or phone, recipient) holds numbers with + and country code, or the providers' ids; external_ref and locale mean what " +
        "they mean of a message; every other column is a value that a campaign can use.",
      example: "to,first_name\n+15551234567,Mara\n",
    },
    success: { status: 200, description: "The list, ready to be used.", body: audienceView },
    handle: async ({ caller, params: { id }, chunks, note }) => {
      const { tenant } = caller;
      const upload = await withTenants(deps.sql, [tenant], async (tx) => {
        await changeableAudience(tx, tenant, id);
        const begun = await beginUpload(tx, tenant, id);
        await auditAudience(tx, deps, caller, "audience.upload_begun", id, { upload: begun.upload });
        return begun;
      });
      const filled = await fillAudience(deps.sql, upload, whole(chunks()), whyItEnded);
      if (filled.kind === "superseded")
        throw problem("conflict", { detail: "Another upload of this list began, or it was deleted." });
      const { audience } = filled;
      note({ audience: id, rows: audience.rows, bytes: audience.bytes_read });
      if (filled.kind === "failed")
        throw problem("file_unusable", {
          detail: audience.problem!,
          errors: [
            { field: "(the file)", problem: audience.problem!, remedy: "Correct it and put it again." },
          ],
        });
      await withTenants(deps.sql, [tenant], (tx) =>
        auditAudience(tx, deps, caller, "audience.uploaded", id, {
          rows: audience.rows,
          recipients: audience.recipients,
        }),
      );
      return { body: viewAudience(audience) };
    },
  });
}

/** The body, or why it is not whole. */
async function* whole(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    throw error instanceof Problem ? error : problem("upload_broken", {}, { cause: error });
  }
}

/** As the list then tells it. */
function whyItEnded(error: unknown): string {
  if (!(error instanceof Problem)) return "The list could not be stored. Put the file again.";
  return error.code === "body_too_large"
    ? "The file is larger than 100 MB. Split it into several lists."
    : "The upload broke off. Put the file again.";
}
