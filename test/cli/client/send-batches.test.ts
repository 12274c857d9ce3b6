import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import type { ApiClient } from "../../../src/cli/api-client/api-client.ts";
import { Problems } from "../../../src/cli/client/import/problems.ts";
import { type Batch, sendBatches } from "../../../src/cli/client/import/send-batches.ts";
import { WarrenError } from "../../../src/errors.ts";
import { warrenError } from "../../support/warren-error.ts";

const COUNTS = { created: 1, unchanged: 0, different: 0, error: 0 };
const BATCHES = 6;

/** Sends batches that come one by one, some time apart; the server refuses those in `refused`, counted from 1. */
function send(refused: readonly number[], { pauseMs }: { readonly pauseMs: number }) {
  let asked = 0;
  const api = {
    call: async () => {
      asked += 1;
      if (refused.includes(asked)) throw new WarrenError("storage-failed", `refused ${asked}`);
      await sleep(1);
      return { counts: COUNTS, records: [], isWritten: true };
    },
  } as unknown as ApiClient;
  const read = async function* (): AsyncGenerator<Batch> {
    for (let index = 0; index < BATCHES; index++) {
      yield { text: "", positions: [], countOf: "records" };
      await sleep(pauseMs);
    }
  };
  const sending = sendBatches(api, read(), {
    query: {},
    problems: new Problems(undefined),
    kinds: [],
    onAnswer: () => undefined,
  });
  return { sending, asked: () => asked };
}

describe("sendBatches", () => {
  for (const pauseMs of [0, 5]) {
    it(`fails with any batch, wherever it is, with ${pauseMs} ms between them`, async () => {
      for (let refused = 1; refused <= BATCHES; refused++) {
        const { sending, asked } = send([refused], { pauseMs });
        await assert.rejects(sending, warrenError("storage-failed"), `batch ${refused}`);
        assert.ok(asked() <= refused + 3, `${asked()} batches after a failure of ${refused}`);
      }
      const { sending } = send([3, 1, 2], { pauseMs });
      await assert.rejects(sending, /refused 1/);
      const whole = send([], { pauseMs });
      assert.equal((await whole.sending).created, BATCHES);
    });
  }
});
