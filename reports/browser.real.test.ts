/**
 * The committed sample in a real browser: nothing overflows a phone's screen, and no text of any
 * plot overlaps another or leaves its picture.
 */
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { requireProgram } from "../harness/provision/system-package.ts";
import { parseOrExplain } from "../sim/scenario/explain.ts";
import { ReportSchema } from "./document/schema.ts";
import { reportHtml } from "./pages/html.ts";

const BROWSER_MS_MAX = 90_000;
const PHONE_PX = 390;

interface Seen {
  readonly pageWidth: number;
  readonly tables: number;
  readonly texts: number;
  readonly overlaps: readonly string[];
  readonly outside: readonly string[];
  readonly ink: string;
  readonly page: string;
}

/** Runs in the page around the report, and writes what it measured into it. */
const PROBE = `
  const frame = document.querySelector("iframe");
  frame.onload = () => {
    const page = frame.contentDocument;
    const seen = { overlaps: [], outside: [], texts: 0 };
    const apart = 0.5;
    for (const svg of page.querySelectorAll("svg.plot")) {
      const name = svg.querySelector("title").textContent;
      const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
      const boxes = [...svg.querySelectorAll("text")].map((text) => ({ text: text.textContent, box: text.getBBox() }));
      seen.texts += boxes.length;
      boxes.forEach(({ text, box }, i) => {
        if (box.x < 0 || box.y < 0 || box.x + box.width > width || box.y + box.height > height)
          seen.outside.push(name + ": " + text);
        for (const other of boxes.slice(i + 1)) {
          const wide = Math.min(box.x + box.width, other.box.x + other.box.width) - Math.max(box.x, other.box.x);
          // Glyphs fill some three quarters of a line's height.
          const high = Math.min(box.y + box.height, other.box.y + other.box.height) - Math.max(box.y, other.box.y);
          if (wide > apart && high > box.height / 4) seen.overlaps.push(name + ": " + text + " | " + other.text);
        }
      });
    }
    seen.pageWidth = page.documentElement.scrollWidth;
    seen.tables = page.querySelectorAll(".scroll > table").length;
    seen.ink = frame.contentWindow.getComputedStyle(page.body).color;
    seen.page = frame.contentWindow.getComputedStyle(page.body).backgroundColor;
    document.querySelector("pre").textContent = JSON.stringify(seen);
  };
  frame.src = "/report";
`;

const json = readFileSync(new URL("sample/report.json", import.meta.url), "utf8");
const html = reportHtml(parseOrExplain(ReportSchema, JSON.parse(json), "sample"));

const server = createServer((request, response) => {
  response.setHeader("content-type", "text/html; charset=utf-8");
  const wrapper = `<iframe width="${PHONE_PX}" height="800" style="border:0"></iframe><pre></pre><script>${PROBE}</script>`;
  response.end(request.url === "/report" ? html : wrapper);
});
let profile: string;
let chromium: string;

beforeAll(async () => {
  chromium = requireProgram("chromium", "chromium");
  profile = mkdtempSync(join(tmpdir(), "browser-"));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
});
afterAll(() => {
  server.close();
  rmSync(profile, { recursive: true, force: true });
});

async function look(...flags: string[]): Promise<Seen> {
  const { port } = server.address() as AddressInfo;
  const { stdout } = await promisify(execFile)(
    chromium,
    [
      "--headless=new",
      "--no-sandbox",
      "--disable-gpu",
      `--user-data-dir=${profile}`,
      "--virtual-time-budget=20000",
      "--dump-dom",
      ...flags,
      `http://127.0.0.1:${port}/`,
    ],
    { timeout: BROWSER_MS_MAX, killSignal: "SIGKILL", maxBuffer: 1 << 26 },
  );
  const text = /<pre>([\s\S]*?)<\/pre>/u.exec(stdout)?.[1] ?? "";
  expect(text).not.toBe("");
  return JSON.parse(
    text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&"),
  ) as Seen;
}

describe("in a browser", () => {
  test("on a phone nothing overflows, overlaps or is clipped", { timeout: 120_000 }, async () => {
    const seen = await look();
    expect(seen.texts).toBeGreaterThan(200);
    expect(seen.tables).toBeGreaterThan(15);
    expect(seen.pageWidth).toBeLessThanOrEqual(PHONE_PX);
    expect(seen.outside).toEqual([]);
    expect(seen.overlaps).toEqual([]);
  });

  test("dark screens get light ink", { timeout: 120_000 }, async () => {
    const light = await look();
    const dark = await look("--blink-settings=preferredColorScheme=0");
    expect(light.page).toBe("rgb(255, 255, 255)");
    expect(dark.page).toBe("rgb(20, 24, 29)");
    expect(dark.ink).not.toBe(light.ink);
  });
});
