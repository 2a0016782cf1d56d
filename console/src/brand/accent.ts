/** A tenant's colour, made readable: as text on the page's ground, and as a ground for text. Pure. */

type Rgb = readonly [number, number, number];

export type Accent = {
  /** For text, lines and marks on `ground`: contrast of 4.5 at least. */
  text: string;
  /** For filled buttons. */
  solid: string;
  /** White or black, whichever reads better on `solid`. */
  onSolid: "#ffffff" | "#000000";
};

/** WCAG 2.2, 1.4.3. */
const enough = 4.5;

/** Null for what is no colour as #rgb or #rrggbb. */
export function accentOf(colour: string, ground: string): Accent | null {
  const given = rgbOf(colour);
  const back = rgbOf(ground);
  if (given === null || back === null) return null;
  const away: Rgb = luminance(back) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  let text = given;
  for (let share = 0; contrast(text, back) < enough && share <= 1; share += 0.05)
    text = mix(given, away, share);
  const onSolid = contrast(given, [255, 255, 255]) >= contrast(given, [0, 0, 0]) ? "#ffffff" : "#000000";
  return { text: hexOf(text), solid: hexOf(given), onSolid };
}

export function contrastOf(a: string, b: string): number {
  const [one, other] = [rgbOf(a), rgbOf(b)];
  return one === null || other === null ? 1 : contrast(one, other);
}

function rgbOf(hex: string): Rgb | null {
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(hex);
  const long = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(hex);
  const parts = short?.slice(1).map((digit) => digit + digit) ?? long?.slice(1);
  if (parts === undefined) return null;
  return parts.map((part) => Number.parseInt(part, 16)) as unknown as Rgb;
}

function hexOf(rgb: Rgb): string {
  return `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, "0")).join("")}`;
}

function mix(from: Rgb, to: Rgb, share: number): Rgb {
  return from.map((value, i) => value + (to[i]! - value) * share) as unknown as Rgb;
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (high! + 0.05) / (low! + 0.05);
}

function luminance(rgb: Rgb): number {
  const [r, g, b] = rgb.map((value) => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
}
