import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PatientReader } from "../../../src/cli/client/campaign/patient-reader.ts";
import { type ErrorCode, WarrenError } from "../../../src/errors.ts";
import { warrenError } from "../../support/warren-error.ts";

/** Fails with these, one after the other, and answers then. */
function server(...codes: ErrorCode[]): () => Promise<string> {
  return () => {
    const code = codes.shift();
    if (code === undefined) return Promise.resolve("an answer");
    return Promise.reject(new WarrenError(code, `it is ${code}`));
  };
}

function reader(options: { giveUpMs?: number; signal?: AbortSignal } = {}) {
  const said: string[] = [];
  const { signal = new AbortController().signal, ...others } = options;
  const patient = new PatientReader({
    say: (text) => said.push(text),
    signal,
    retryMs: 1,
    ...others,
  });
  return { patient, said };
}

describe("PatientReader", () => {
  it("says nothing of a server that answers", async () => {
    const { patient, said } = reader();
    assert.equal(await patient.read(server()), "an answer");
    assert.deepEqual(said, []);
  });

  it("waits for one that is away, and says so once", async () => {
    const { patient, said } = reader();
    const away = server("peer-unreachable", "peer-unreachable", "storage-failed");
    assert.equal(await patient.read(away), "an answer");
    assert.deepEqual(said, [
      "it is peer-unreachable; trying again",
      "the Join Server answers again",
    ]);
  });

  it("does not wait after a refusal, nor for ever", async () => {
    const refused = reader().patient.read(server("unauthorized"));
    await assert.rejects(refused, warrenError("unauthorized"));
    const away = server(...Array.from({ length: 1_000 }, () => "peer-unreachable" as const));
    const given = reader({ giveUpMs: 20 }).patient.read(away);
    await assert.rejects(given, warrenError("peer-unreachable"));
  });

  it("ends with the signal", async () => {
    const { patient } = reader({ signal: AbortSignal.timeout(20) });
    const away = () => Promise.reject(new WarrenError("peer-unreachable", "it is away"));
    assert.equal(await patient.read(away), undefined);
  });
});
