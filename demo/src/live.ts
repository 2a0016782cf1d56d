/** What the terminal shows while the demo runs: a block redrawn in place on a terminal, a line every two seconds elsewhere. */
export type Picture = {
  elapsedS: number;
  accepted: number;
  sent: number;
  delivered: number;
  read: number;
  waiting: number;
  inDoubt: number;
  perS: number;
  otp: { count: number; p50: number; p99: number };
  rssMb: Record<string, number>;
};

const barWidth = 40;

export function bar(value: number, total: number): string {
  const filled = total === 0 ? 0 : Math.min(barWidth, Math.round((value / total) * barWidth));
  return "█".repeat(filled) + "░".repeat(barWidth - filled);
}

export function draw(p: Picture): string[] {
  const row = (label: string, value: number) =>
    `  ${label.padEnd(10)} ${bar(value, p.accepted)} ${String(value).padStart(7)} of ${p.accepted}`;
  return [
    row("sent", p.sent),
    row("delivered", p.delivered),
    row("read", p.read),
    `  ${p.elapsedS.toFixed(0)} s   ${p.perS.toFixed(0)} messages/s   backlog ${p.waiting}   in doubt ${p.inDoubt}   OTP p50 ${p.otp.p50} ms, p99 ${p.otp.p99} ms (${p.otp.count})`,
    `  memory  ${Object.entries(p.rssMb)
      .map(([name, mb]) => `${name} ${mb.toFixed(0)} MB`)
      .join("   ")}`,
  ];
}

export type Screen = { show(picture: Picture): void; note(line: string): void };

export function openScreen(out: NodeJS.WriteStream): Screen {
  let drawn = 0;
  let lastLineAt = Number.NEGATIVE_INFINITY;
  return {
    show(picture) {
      const lines = draw(picture);
      if (out.isTTY) {
        out.write(
          `${drawn > 0 ? `\x1b[${drawn}A` : ""}${lines.map((line) => `\x1b[2K${line.slice(0, out.columns - 1)}\n`).join("")}`,
        );
        drawn = lines.length;
      } else if (picture.elapsedS - lastLineAt >= 2) {
        lastLineAt = picture.elapsedS;
        out.write(
          `  ${picture.elapsedS.toFixed(0)} s: ${picture.sent} sent, ${picture.delivered} delivered, ${picture.read} read of ${picture.accepted}; ${picture.perS.toFixed(0)}/s, backlog ${picture.waiting}\n`,
        );
      }
    },
    note(line) {
      drawn = 0;
      out.write(`${line}\n`);
    },
  };
}
