/** Colours, for light and dark screens, and the patterns that say the same without colour. */
import { TEXT_PX } from "./svg.ts";

const sizes = Object.entries(TEXT_PX)
  .map(([size, px]) => `.${size}{font-size:${px}px}`)
  .join("");

// Written out for both schemes, since several SVG renderers know no CSS variables.
export const STYLE = `<style>
text{font-family:"DejaVu Sans",Verdana,sans-serif;fill:#1b1f24;stroke:#fff;stroke-width:3px;paint-order:stroke;stroke-linejoin:round}
${sizes}
.title,.heading{font-weight:bold}
.page{fill:#fff}.site{fill:#f3f5f8;stroke:#c9d1da}
.box{fill:#fff;stroke:#4b5563;stroke-width:1.2}
.rail{stroke:#8b95a3;stroke-width:3}
.flow{stroke:#2563a8}.idle{stroke:#8b95a3;stroke-dasharray:1 4}.cut{stroke:#b42318;stroke-dasharray:6 4}
.heat{fill:#2563a8}.frame{fill:none;stroke:#8b95a3}
.out{fill:url(#hatch);stroke:#b42318;stroke-width:1.2}.cross{stroke:#b42318;stroke-width:1.6}
.hatching{stroke:#b42318;stroke-width:1;stroke-opacity:.45}
@media (prefers-color-scheme:dark){
text{fill:#e6e9ee;stroke:#14181d}
.page{fill:#14181d}.site{fill:#1d232b;stroke:#3a4450}
.box{fill:#14181d;stroke:#9aa5b1}
.rail,.idle{stroke:#6b7684}
.flow{stroke:#6ea8e6}.cut,.cross,.out,.hatching{stroke:#ff8a7a}
.heat{fill:#6ea8e6}.frame{stroke:#6b7684}
}
</style>`;

export const PATTERNS =
  '<defs><pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" ' +
  'patternTransform="rotate(45)"><line class="hatching" x1="0" y1="0" x2="0" y2="6"/>' +
  "</pattern></defs>";
