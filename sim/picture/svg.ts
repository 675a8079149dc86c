/** Elements of an SVG document as text: escaped, and with coordinates of at most one decimal. */

export type Attributes = Readonly<Record<string, string | number>>;

export function element(
  name: string,
  attributes: Attributes,
  children: readonly string[] = [],
): string {
  const pairs = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${typeof value === "number" ? tenth(value) : escape(value)}"`)
    .join("");
  return children.length === 0
    ? `<${name}${pairs}/>`
    : `<${name}${pairs}>${children.join("")}</${name}>`;
}

/** A group whose `hover` text browsers show under the pointer and screen readers say. */
export function group(hover: string, children: readonly string[]): string {
  return element("g", {}, [element("title", {}, [escape(hover)]), ...children]);
}

export function text(
  x: number,
  y: number,
  content: string,
  size: TextSize,
  anchor: "start" | "middle" | "end" = "start",
): string {
  return element("text", { class: size, x, y, "text-anchor": anchor }, [escape(content)]);
}

export function line(x1: number, y1: number, x2: number, y2: number, look: Attributes): string {
  return element("line", { x1, y1, x2, y2, ...look });
}

export function escape(content: string): string {
  return content
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Font sizes in pixels, by the class of the text. */
export const TEXT_PX = { title: 20, heading: 15, label: 12, value: 11, tiny: 9 } as const;
export type TextSize = keyof typeof TEXT_PX;

/** Width of an average character, in font sizes: that of DejaVu Sans, the widest common default. */
const CHARACTER_EM = 0.6;

/** Nobody can measure text without its font, so this is an estimate from above. */
export function textWidthPx(content: string, size: TextSize): number {
  return content.length * CHARACTER_EM * TEXT_PX[size];
}

/** The content, cut with an ellipsis to what fits into `widthPx`. */
export function fit(content: string, widthPx: number, size: TextSize): string {
  if (textWidthPx(content, size) <= widthPx) return content;
  const charactersMax = Math.floor(widthPx / (CHARACTER_EM * TEXT_PX[size]));
  return `${content.slice(0, Math.max(0, charactersMax - 1))}…`;
}

/** Breaks pieces into lines that fit into `widthPx`. */
export function wrapPieces(pieces: readonly string[], widthPx: number, size: TextSize): string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const longer = lines.length === 0 ? piece : `${lines.at(-1)}, ${piece}`;
    if (lines.length > 0 && textWidthPx(longer, size) <= widthPx) lines[lines.length - 1] = longer;
    else lines.push(fit(piece, widthPx, size));
  }
  return lines;
}

function tenth(value: number): string {
  return String(Math.round(value * 10) / 10);
}
