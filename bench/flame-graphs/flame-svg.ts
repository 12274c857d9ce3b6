import type { Frame } from "./cpu-profile.ts";

const WIDTH = 1_200;
const ROW = 17;
const HEAD = 44;
const CHARACTER = 6.6;
/** Narrower frames are left out: nobody can read or hit them. */
const LEAST_WIDTH = 1.5;

/** Where a function comes from. */
const KINDS = [
  { label: "Warren", fill: "#f2b56b", is: (module: string) => module.startsWith("src/") },
  { label: "Node", fill: "#a9c7e8", is: (module: string) => module.startsWith("node:") },
  { label: "WebAssembly", fill: "#b9dcb0", is: (module: string) => module.startsWith("wasm:") },
  { label: "packages", fill: "#d9bfe3", is: (module: string) => module !== "" },
  { label: "V8 and native code", fill: "#d5d5d0", is: () => true },
] as const;

/** Rectangles, callers below what they have called, each as wide as its share of the time. */
export function flameSvg(root: Frame, title: string): string {
  const rectangles: string[] = [];
  let depthMax = 0;
  const draw = (frame: Frame, x: number, depth: number): void => {
    const width = (frame.microseconds / root.microseconds) * WIDTH;
    if (width < LEAST_WIDTH) return;
    depthMax = Math.max(depthMax, depth);
    rectangles.push(
      rectangleOf(frame, { x, width, depth, share: frame.microseconds / root.microseconds }),
    );
    let left = x;
    const byTime = [...frame.callees.values()].sort((a, b) => b.microseconds - a.microseconds);
    for (const callee of byTime) {
      draw(callee, left, depth + 1);
      left += (callee.microseconds / root.microseconds) * WIDTH;
    }
  };
  draw(root, 0, 0);
  const height = HEAD + (depthMax + 1) * ROW;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${height}" viewBox="0 0 ${WIDTH} ${height}" font-family="monospace" font-size="11">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" fill="#fff"/>
<text x="4" y="16" font-size="14">${escaped(title)}</text>
${legend()}
<g transform="translate(0 ${height - ROW})">
${rectangles.join("\n")}
</g>
</svg>
`;
}

function rectangleOf(
  { name, module }: Frame,
  { x, width, depth, share }: { x: number; width: number; depth: number; share: number },
): string {
  const { fill } = kindOf(module);
  const y = -depth * ROW;
  const room = Math.floor((width - 4) / CHARACTER);
  const text =
    room < 3
      ? ""
      : `<text x="${round(x + 2)}" y="${y + 12}">${escaped(name.length > room ? `${name.slice(0, room - 1)}…` : name)}</text>`;
  const hint = `${name}${module && ` (${module})`}: ${(100 * share).toFixed(1)} %`;
  return `<g><title>${escaped(hint)}</title><rect x="${round(x)}" y="${y}" width="${round(width)}" height="${ROW - 1}" fill="${fill}"/>${text}</g>`;
}

function legend(): string {
  return KINDS.map(
    ({ label, fill }, index) =>
      `<rect x="${4 + index * 160}" y="24" width="12" height="12" fill="${fill}"/><text x="${20 + index * 160}" y="34">${label}</text>`,
  ).join("");
}

function kindOf(module: string): (typeof KINDS)[number] {
  return KINDS.find(({ is }) => is(module)) as (typeof KINDS)[number];
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
