import assert from "node:assert/strict";
import { Writable } from "node:stream";
import { describe, it, mock } from "node:test";
import { TopicProgress } from "../../../src/cli/evaluate/topic-progress.ts";

function streamOf(isTTY: boolean): { stream: NodeJS.WriteStream; written: () => string } {
  let text = "";
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += String(chunk);
      done();
    },
  });
  const columns = {
    isTTY,
    columns: 100,
    cursorTo: () => true,
    clearLine: () => true,
    moveCursor: () => true,
  };
  return {
    stream: Object.assign(stream, columns) as unknown as NodeJS.WriteStream,
    written: () => text,
  };
}

describe("the progress of an evaluation", () => {
  it("is a line every five seconds where there is no terminal, with how long the rest takes", () => {
    let nowMs = 0;
    const clock = mock.method(performance, "now", () => nowMs);
    try {
      const { stream, written } = streamOf(false);
      const progress = new TopicProgress(stream);
      progress.beginTopic("Octets", 2, 6);
      progress.begin("keys", 100);
      for (let step = 0; step < 60; step++) {
        nowMs += 200;
        progress.advance(1);
      }
      progress.endTopic(200);
      assert.equal(
        written(),
        "[2/6] Octets\n      keys: 25 of 100, 15 s left\n      keys: 50 of 100, 10 s left\n      done in 4 min\n",
      );
    } finally {
      clock.mock.restore();
    }
  });

  it("is a bar on a terminal, which ends with its piece of work", () => {
    const { stream, written } = streamOf(true);
    const progress = new TopicProgress(stream);
    progress.begin("SP 800-22", 4);
    progress.advance(4);
    progress.say("done");
    assert.match(written(), /SP 800-22 .* 0 %/);
    assert.match(written(), /100 % .*done\n$/s);
  });
});
