import assert from "node:assert/strict";
import { it } from "node:test";
import { QueryClient, QueryObserver } from "@tanstack/react-query";
import { forgetDeleted } from "../../../web/src/api/forget-deleted.ts";

const KEY = ["devices", "0102030405060708"];

it("what was deleted is not asked for again by a page that is still on the screen, but by the next one", async () => {
  const client = new QueryClient();
  let asked = 0;
  const options = {
    queryKey: [...KEY, "timeline"],
    queryFn: () => {
      asked += 1;
      return Promise.resolve(asked);
    },
    staleTime: Number.POSITIVE_INFINITY,
  };
  const observer = new QueryObserver(client, options);
  const leave = observer.subscribe(() => undefined);
  await client.fetchQuery(options);
  assert.equal(asked, 1);
  forgetDeleted(client, KEY);
  // As a component does that is rendered once more.
  observer.setOptions({ ...options });
  await new Promise(setImmediate);
  assert.equal(asked, 1);
  leave();
  const next = new QueryObserver(client, options).subscribe(() => undefined);
  await new Promise(setImmediate);
  assert.equal(asked, 2);
  next();
  client.clear();
});
