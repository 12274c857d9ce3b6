import type { Provenance } from "../../../src/evaluation/provenance.ts";

export const SAMPLE_PROVENANCE: Provenance = {
  seed: "a <seed>",
  scale: "short",
  startedAt: "2026-10-03T12:34:56.000Z",
  warren: {
    version: "0.1.0",
    commit: "0123456789abcdef0123456789abcdef01234567",
    isModified: true,
  },
  versions: { Node: "24.1.2", V8: "13.1", OpenSSL: "3.5.1", cephes: "3.3.3" },
  operatingSystem: "Linux 6.1",
  processor: { model: "A processor @ 3 GHz", architecture: "x64", cores: 2 },
  memoryBytes: 8 * 2 ** 30,
  workers: 2,
};
