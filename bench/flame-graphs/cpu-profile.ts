import { readFileSync } from "node:fs";

/** A function with all that it has called, merged over all samples. */
export interface Frame {
  readonly name: string;
  /** Module, as short as it can be recognised; "" for what is no JavaScript. */
  readonly module: string;
  /** Its own time and that of what it has called. */
  microseconds: number;
  readonly callees: Map<string, Frame>;
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

/** As `node --cpu-prof` writes it. */
interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

const IDLE = "(idle)";
/** How Node comes to call us, which says nothing and would split the same work in several. */
const EVENT_LOOP: ReadonlySet<string> = new Set([
  "processTicksAndRejections",
  "runMicrotasks",
  "runNextTicks",
  "processImmediate",
]);

/**
 * The stacks of a `.cpuprofile` as one tree, without idle time.
 *
 * @param skippedShare of the time at its beginning, in which the program starts
 */
export function readCpuProfile(file: string, skippedShare: number): Frame {
  const profile = JSON.parse(readFileSync(file, "utf8")) as CpuProfile;
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const callerOf = new Map(
    profile.nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id] as const)),
  );
  const root: Frame = { name: "all", module: "", microseconds: 0, callees: new Map() };
  const total = profile.timeDeltas.reduce((sum, delta) => sum + delta, 0);
  let passed = 0;
  for (const [index, sample] of profile.samples.entries()) {
    const delta = profile.timeDeltas[index] ?? 0;
    passed += delta;
    if (passed < skippedShare * total) continue;
    const stack: ProfileNode[] = [];
    for (let id: number | undefined = sample; id !== undefined; id = callerOf.get(id)) {
      stack.push(nodes.get(id) as ProfileNode);
    }
    // The last one is V8's own root.
    if (stack[0]?.callFrame.functionName !== IDLE) add(root, stack.slice(0, -1), delta);
  }
  return root;
}

/** @param stack the innermost function first */
function add(root: Frame, stack: readonly ProfileNode[], microseconds: number): void {
  let frame = root;
  frame.microseconds += microseconds;
  for (const { callFrame } of stack.toReversed()) {
    if (EVENT_LOOP.has(callFrame.functionName)) continue;
    const name = callFrame.functionName || "(anonymous)";
    const module = shortModule(callFrame.url);
    const key = `${name} ${module}`;
    let callee = frame.callees.get(key);
    if (callee === undefined) {
      callee = { name, module, microseconds: 0, callees: new Map() };
      frame.callees.set(key, callee);
    }
    callee.microseconds += microseconds;
    frame = callee;
  }
}

function shortModule(url: string): string {
  const inPackage = url.lastIndexOf("/node_modules/");
  if (inPackage >= 0) return url.slice(inPackage + "/node_modules/".length);
  const inSources = url.lastIndexOf("/src/");
  return inSources >= 0 ? url.slice(inSources + 1) : url.replace(/^file:.*\//, "");
}
