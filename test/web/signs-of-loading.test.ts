import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

const WEB = join(import.meta.dirname, "../../web/src");
const SIGN = /<(?:Loader|Skeleton)\b[^>]*>/g;

test("a sign that something is loaded has a role wherever it has a name, or the name is not read", () => {
  const signs = globSync("**/*.tsx", { cwd: WEB }).flatMap((file) =>
    [...readFileSync(join(WEB, file), "utf8").matchAll(SIGN)].map(([sign]) => `${file}: ${sign}`),
  );
  assert.ok(signs.length > 5, "they are found");
  const named = signs.filter((sign) => sign.includes("aria-label"));
  assert.deepEqual(
    named.filter((sign) => !sign.includes("role=")),
    [],
  );
});
