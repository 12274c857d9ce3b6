import { readFileSync } from "node:fs";

export interface ProcessorInstructions {
  readonly hasAes: boolean;
  readonly hasSha: boolean;
}

/**
 * What an x86 processor has, as Linux tells it; none of it on other processors and other systems.
 *
 * @param cpuInfoFile in the format of `/proc/cpuinfo`
 */
export function readProcessorInstructions(cpuInfoFile = "/proc/cpuinfo"): ProcessorInstructions {
  const flags = new Set(/^flags\s*:(.*)$/m.exec(readText(cpuInfoFile))?.[1]?.trim().split(/\s+/));
  const hasAes = flags.has("aes");
  return { hasAes, hasSha: hasAes && flags.has("sha_ni") && flags.has("sse4_1") };
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    // Not Linux: nothing is known then.
    return "";
  }
}
