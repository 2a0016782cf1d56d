/** The provider's rules for headers. Pure. */
import type { Header, TemplateContent } from "./content.ts";
import type { Report } from "./mistake.ts";
import { checkHeaderText } from "./text-rules.ts";

export function checkHeader(header: Header, template: TemplateContent, report: Report): void {
  if (template.category === "authentication") {
    report("", "is a header, which an authentication template can't have", "Leave it out.");
    return;
  }
  switch (header.format) {
    case "TEXT":
      checkHeaderText(header, template.named, report);
      return;
    case "LOCATION":
      if (header.text !== undefined)
        report("text", "does not belong to a LOCATION header", "Leave text out.");
      return;
    default:
      checkFileHeader(header, report);
  }
}

/** Of a header that is a file. */
export function checkFileHeader(header: Header, report: Report): void {
  if (header.text !== undefined)
    report("text", `does not belong to a header of format ${header.format}`, "Leave text out.");
  if (header.example?.header_handle?.length !== 1)
    report(
      "example.header_handle",
      "is not one sample file",
      "Upload a sample with the provider's Resumable Upload API and give its handle.",
    );
}
