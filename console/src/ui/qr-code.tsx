import { useMemo } from "preact/hooks";
import encodeQR from "qr";

/** Dark on white in either theme: phones read no other. */
export function QrCode({ text, label }: { text: string; label: string }) {
  const { path, size } = useMemo(() => {
    const rows = encodeQR(text, "raw", { ecc: "medium", border: 1 }) as boolean[][];
    const squares = rows.flatMap((row, y) => row.flatMap((on, x) => (on ? [`M${x} ${y}h1v1h-1z`] : [])));
    return { path: squares.join(""), size: rows.length };
  }, [text]);
  return (
    <div class="qr">
      <svg viewBox={`0 0 ${size} ${size}`} shape-rendering="crispEdges" role="img" aria-label={label}>
        <path d={path} fill="#000000" />
      </svg>
    </div>
  );
}
