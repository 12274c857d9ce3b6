import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTimeWindow } from "../../../src/join-server/campaigns/timing/time-window.ts";
import { readForm } from "../../../web/src/pages/new-campaign/form/campaign-body.ts";
import { EMPTY_FORM } from "../../../web/src/pages/new-campaign/form/campaign-form.ts";
import { formOfRouteState } from "../../../web/src/pages/new-campaign/form/handed-over.ts";

test("a form that nobody has touched is a campaign for all devices with the server's defaults", () => {
  const { body, problems } = readForm(EMPTY_FORM);
  assert.deepEqual(problems, {});
  assert.deepEqual(JSON.parse(JSON.stringify(body)), {
    query: {},
    name: "",
    description: "",
    windows: [],
    retryAfterMs: 3_600_000,
    attemptTimeoutMs: 86_400_000,
    startsPaused: false,
  });
});

test("a list is read with spaces, commas, separators and notes, each DevEUI once", () => {
  const devEuis = "# recall\n70-B3-D5-7E-D0-01-00-01, 70b3d57ed0010002\r\n70b3d57ed0010001;\n";
  const { body, problems } = readForm({ ...EMPTY_FORM, which: "list", devEuis });
  assert.deepEqual(body.devEuis, ["70b3d57ed0010001", "70b3d57ed0010002"]);
  assert.equal(body.query, undefined);
  assert.deepEqual(problems, {});
});

test("what is no DevEUI is told with its line, and so is a list without any", () => {
  const form = { ...EMPTY_FORM, which: "list", devEuis: "70b3d57ed0010001\n70b3\n" } as const;
  assert.match(readForm(form).problems["devEuis"] ?? "", /^Line 2: “70b3”/);
  assert.equal(readForm({ ...form, devEuis: "# none\n" }).problems["devEuis"], "Name a device.");
});

test("conditions left empty are none, those that cannot be are told, and only of a search", () => {
  const query = { text: "", joinEui: "70b3", generation: 0 };
  const { body, problems } = readForm({ ...EMPTY_FORM, which: "search", query });
  assert.deepEqual(body.query, { joinEui: "70b3", generation: 0 });
  assert.deepEqual(Object.keys(problems), ["joinEui"]);
  assert.deepEqual(readForm({ ...EMPTY_FORM, query }).problems, {});
});

test("shares are typed in percent", () => {
  const { body } = readForm({ ...EMPTY_FORM, canaryPercent: 7, maxFailurePercent: 0 });
  assert.equal(body.canaryShare, 0.07);
  assert.equal(body.maxFailureShare, 0);
});

test("time windows are written as the Join Server reads them", () => {
  const window = { key: 1, days: ["Fri", "Mon"], from: "22:00", to: "05:00" };
  const { body, problems } = readForm({
    ...EMPTY_FORM,
    windows: [window, { key: 2, days: [], from: "00:00", to: "24:00" }],
  });
  assert.deepEqual(problems, {});
  assert.deepEqual(body.windows?.map(parseTimeWindow), [
    { fromMinute: 1_320, toMinute: 300, weekdays: [1, 5] },
    { fromMinute: 0, toMinute: 1_440, weekdays: [] },
  ]);
});

test("a time window that there is not is told", () => {
  for (const [from, to] of [
    ["8:00", "09:00"],
    ["24:00", "05:00"],
    ["08:00", "25:00"],
    ["08:00", "08:00"],
  ] as const) {
    const windows = [{ key: 3, days: [], from, to }];
    const { problems } = readForm({ ...EMPTY_FORM, windows });
    assert.deepEqual(Object.keys(problems), ["window 3"], `${from}-${to}`);
  }
});

test("devices that another page hands over are in the form", () => {
  const listed = formOfRouteState({ devEuis: ["70b3d57ed0010001", "70b3d57ed0010002"] });
  assert.equal(readForm(listed).body.devEuis?.length, 2);
  const found = formOfRouteState({ query: { macVersion: "1.0.3", limit: 1_000 } });
  assert.deepEqual(readForm(found).body.query, { macVersion: "1.0.3" });
  for (const state of [null, undefined, { query: {} }, { query: null }, {}]) {
    assert.equal(formOfRouteState(state).which, "all");
  }
});
