/** How series differ: dash and marker first, colour besides. Light and dark, and light alone for PNG. */
import { TEXT_PX } from "../../sim/picture/svg.ts";
import {
  symbol,
  symbolCircle,
  symbolCross,
  symbolDiamond,
  symbolSquare,
  symbolStar,
  symbolTriangle,
} from "d3-shape";

const DASHES = ["none", "7 4", "2 3", "10 3 2 3", "4 2", "1 4"] as const;
const SYMBOLS = [
  symbolCircle,
  symbolSquare,
  symbolTriangle,
  symbolDiamond,
  symbolCross,
  symbolStar,
] as const;
// Okabe and Ito's palette, which people with colour blindness tell apart; lighter on dark.
const LIGHT = ["#0060a8", "#c04a00", "#007a58", "#96437c", "#806000", "#3d4653"] as const;
const DARK = ["#6cb4ee", "#f09050", "#3fc79a", "#e08fc4", "#e3c04a", "#b9c2cd"] as const;

export const LOOKS = DASHES.length;

export function dashOf(look: number): string {
  return DASHES[look % LOOKS];
}

/** The classes of a rule: a limit is told from any other place. */
export function ruleClass(isLimit: boolean): string {
  return isLimit ? "rule limit" : "rule";
}

/** The marker's path around (0, 0). */
export function markerPath(look: number): string {
  return symbol(SYMBOLS[look % LOOKS], 38)()!;
}

const sizes = Object.entries(TEXT_PX)
  .map(([size, px]) => `.plot .${size}{font-size:${px}px}`)
  .join("");

const looks = (colours: readonly string[]): string =>
  colours
    .map(
      (colour, i) =>
        `.plot .l${i}{stroke:${colour};fill:none}.plot .m${i}{fill:${colour};stroke:none}` +
        `.plot .b${i}{fill:${colour};fill-opacity:.2;stroke:none}`,
    )
    .join("");

const SHAPES = `.plot text{font-family:"DejaVu Sans",Verdana,sans-serif}
${sizes}.plot .heading{font-weight:bold}
.plot .series{stroke-width:1.8}.plot .grid{stroke-width:1}.plot .axis{stroke-width:1.2}
.plot .rule{stroke-width:1.6;stroke-dasharray:4 3}.plot .limit{stroke-dasharray:12 3}
.plot .edge{fill:none;stroke-width:2.4}`;

const themed = (
  ink: string,
  page: string,
  grid: string,
  limit: string,
  colours: readonly string[],
): string =>
  `.plot text{fill:${ink}}.plot .page{fill:${page}}.plot .grid{stroke:${grid}}` +
  `.plot .axis,.plot .edge{stroke:${ink}}.plot .rule{stroke:${ink}}.plot .limit{stroke:${limit}}` +
  `.plot .fault{fill:${limit};fill-opacity:.35;stroke:${limit}}.plot .heat{fill:${colours[0]}}${looks(colours)}`;

const LIGHT_THEME = themed("#1b1f24", "#ffffff", "#dde2e8", "#b42318", LIGHT);
const DARK_THEME = themed("#e6e9ee", "#14181d", "#333c47", "#ff8a7a", DARK);

export const STYLE_LIGHT = `${SHAPES}\n${LIGHT_THEME}`;
export const STYLE = `${STYLE_LIGHT}\n@media (prefers-color-scheme:dark){${DARK_THEME}}`;
