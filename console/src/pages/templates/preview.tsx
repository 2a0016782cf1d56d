import type { Template } from "../../shapes/session.ts";
import { piecesOf } from "./placeholders.ts";

/** As a person would see it, near enough to judge the words. */
export function Preview({ template }: { template: Pick<Template, "components"> }) {
  return (
    <div class="bubble">
      {template.components.map((part, i) => {
        const key = `${part.type} ${i}`;
        if (part.type === "BUTTONS")
          return (
            <div class="buttons" key={key}>
              {part.buttons?.map((button) => (
                <span key={`${button.type} ${button.text}`}>{button.text ?? button.type.toLowerCase()}</span>
              ))}
            </div>
          );
        if (part.format !== undefined && part.format !== "TEXT")
          return (
            <span class="muted" key={key}>
              [{part.format.toLowerCase()}]
            </span>
          );
        if (part.text === undefined) return null;
        const text = piecesOf(part).map((piece, at) =>
          // A text's pieces have no other identity.
          piece.variable ? <mark key={at}>{piece.text}</mark> : piece.text,
        );
        if (part.type === "HEADER") return <strong key={key}>{text}</strong>;
        return (
          <span key={key} class={part.type === "FOOTER" ? "muted small" : undefined}>
            {text}
          </span>
        );
      })}
    </div>
  );
}
