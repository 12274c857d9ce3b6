import assert from "node:assert/strict";
import { test } from "node:test";
import { findKeyProblems, KEY_NAMES, loadKeyView } from "../../src/cli/run/key-view.ts";
import type { LocalNetwork } from "../../src/cli/run/local-network.ts";

const sessionKeys = (name: string) => ({
  fNwkSIntKey: `F ${name}`,
  sNwkSIntKey: `S ${name}`,
  nwkSEncKey: `E ${name}`,
});

/** What the roles answer of a device whose newest session, 8, has not arrived: it is in session 7. */
function answers() {
  const joinServerSession = (joinNonce: number) => ({
    sessionKeyId: `id ${joinNonce}`,
    joinNonce,
    ...sessionKeys(`${joinNonce}`),
    appSKey: `A ${joinNonce}`,
  });
  const rootKeys = { nwkKey: "N", appKey: "K" };
  return {
    simulator: {
      rootKeys,
      session: { joinNonce: 7, keys: { ...sessionKeys("7"), appSKey: "A 7" } },
    },
    "join-server": {
      generation: 1,
      rootKeys,
      sessions: [joinServerSession(8), joinServerSession(7)],
    },
    "network-server": {
      session: { sessionKeyId: "id 7", keyFingerprints: sessionKeys("7") },
      pendingSession: { sessionKeyId: "id 8", keyFingerprints: sessionKeys("8") },
    },
    "application-server": { session: { sessionKeyId: "id 7", appSKeyFingerprint: "A 7" } },
  };
}

const viewOf = (of: ReturnType<typeof answers>) =>
  loadKeyView(
    {
      api: (role: keyof typeof of) => ({ get: () => Promise.resolve(of[role]) }),
    } as unknown as LocalNetwork,
    "70b3d57ed0020001",
  );

test("roles that hold the keys of the session in use, and no others, have no problem", async () => {
  assert.deepEqual(findKeyProblems(await viewOf(answers())), []);
});

test("every key that is wrong, missing or held by the wrong role is a problem", async () => {
  const { held, ...rest } = await viewOf(answers());
  for (const role of ["join-server", "network-server", "application-server"] as const) {
    for (const name of KEY_NAMES) {
      const wrong = { ...held, [role]: { ...held[role], [name]: "another" } };
      assert.equal(findKeyProblems({ ...rest, held: wrong }).length, 1, `${role} ${name}`);
      if (held[role][name] === undefined) continue;
      const { [name]: _missing, ...others } = held[role];
      const lacking = { ...held, [role]: others };
      assert.equal(findKeyProblems({ ...rest, held: lacking }).length, 1, `${role} lacks ${name}`);
    }
  }
});

test("a Network Server that does not know the session in use has a problem", async () => {
  const of = answers();
  of["network-server"].session.sessionKeyId = "id 6";
  assert.equal(findKeyProblems(await viewOf(of)).length, 3);
});
