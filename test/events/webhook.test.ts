import assert from "node:assert/strict";
import { createHmac, randomBytes } from "node:crypto";
import { after, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { systemClock } from "../../src/clock.ts";
import { type BackOff, Webhook, type WebhookOptions } from "../../src/events/webhooks/webhook.ts";
import { createWebhookClient } from "../../src/events/webhooks/webhook-client.ts";
import { parseWebhookSecret, signWebhook } from "../../src/events/webhooks/webhook-signature.ts";
import type { EventKind } from "../../src/join-server/ports/events.ts";
import { makeCa, makeServerCertificate } from "../support/certificates.ts";
import { captureLog } from "../support/log-capture.ts";
import { WebhookReceiver } from "./support/webhook-receiver.ts";

const QUICK: BackOff = { firstMs: 2, longestMs: 8, giveUpMs: 60_000 };
/** An attempt takes so long only where nobody answers. */
const TIMEOUT_MS = 30_000;
const log = captureLog();

function webhookTo(url: string, options: Partial<WebhookOptions> = {}, ca?: string): Webhook {
  const webhook = new Webhook({
    name: "1:test",
    client: createWebhookClient({ url, ca, timeoutMs: TIMEOUT_MS }),
    secret: parseWebhookSecret("a secret of some length"),
    kinds: [],
    queueLength: 1_000,
    senderName: "abcd",
    clock: systemClock,
    logger: log.logger,
    backOff: QUICK,
    ...options,
  });
  after(() => webhook.close(0));
  return webhook;
}

function send(webhook: Webhook, ids: readonly number[], kind: EventKind = "join-accepted"): void {
  for (const id of ids) webhook.receive({ id, event: { kind, at: 0 } });
}

const range = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

/** As the document for receivers says it is to be done. */
function isGenuine(
  { headers, body }: { headers: NodeJS.Dict<string | string[]>; body: string },
  secret: string,
): boolean {
  const { "webhook-id": id, "webhook-timestamp": timestamp } = headers;
  const expected = createHmac("sha256", secret).update(`${id}.${timestamp}.${body}`);
  const isRecent = Math.abs(Date.now() / 1000 - Number(timestamp)) < 300;
  return isRecent && headers["webhook-signature"] === `v1,${expected.digest("base64")}`;
}

describe("the signature of a webhook", () => {
  test("is that of Standard Webhooks", () => {
    // The example of docs.svix.com, "Verifying webhooks manually".
    const secret = parseWebhookSecret("whsec_plJ3nmyCDGBKInavdOK15jsl");
    const body = '{"event_type":"ping","data":{"success":true}}';
    const headers = signWebhook(secret, "msg_loFOjxBNrRLzqYUf", 1_731_705_121_999, body);
    assert.deepEqual(headers, {
      "webhook-id": "msg_loFOjxBNrRLzqYUf",
      "webhook-timestamp": "1731705121",
      "webhook-signature": "v1,rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    });
  });

  test("needs a secret that cannot be guessed", () => {
    for (const short of ["", "too short", "whsec_c2hvcnQ="]) {
      assert.throws(() => parseWebhookSecret(short), { code: "configuration-invalid" });
    }
  });
});

describe("a webhook", () => {
  test("delivers every event once, in order, signed, several in a request", async () => {
    const receiver = await WebhookReceiver.start();
    const webhook = webhookTo(receiver.url);
    send(webhook, range(250));
    await webhook.close(5_000);
    assert.deepEqual(receiver.ids, range(250));
    assert.ok(receiver.requests.length < 10);
    assert.ok(receiver.requests.every((request) => isGenuine(request, "a secret of some length")));
    assert.ok(
      receiver.requests.every((request) => !isGenuine(request, "another secret, also long")),
    );
    assert.equal(receiver.requests[0]?.headers["content-type"], "application/json");
    assert.equal(JSON.parse(receiver.requests[0]?.body ?? "").type, "warren.events");
    assert.deepEqual(webhook.counts, { delivered: 250, dropped: 0, failedAttempts: 0 });
  });

  test("sends only the kinds that are wanted", async () => {
    const receiver = await WebhookReceiver.start();
    const webhook = webhookTo(receiver.url, { kinds: ["join-refused", "update-failed"] });
    send(webhook, [1], "join-accepted");
    send(webhook, [2], "join-refused");
    send(webhook, [3], "update-failed");
    await webhook.close(5_000);
    assert.deepEqual(receiver.ids, [2, 3]);
  });

  test("sends a request again, under the same id, until it is taken", async () => {
    const receiver = await WebhookReceiver.start();
    receiver.status = 500;
    const webhook = webhookTo(receiver.url);
    send(webhook, [1]);
    await receiver.until(1);
    send(webhook, [2, 3]);
    await receiver.until(3);
    receiver.status = 429;
    await receiver.until(5);
    receiver.status = 302;
    await receiver.until(7);
    receiver.status = 200;
    await webhook.close(5_000);
    const first = receiver.requests.filter(({ ids }) => ids[0] === 1);
    assert.ok(first.length >= 7);
    assert.equal(new Set(first.map(({ headers }) => headers["webhook-id"])).size, 1);
    assert.deepEqual(receiver.requests.at(-1)?.ids, [2, 3], "in order: the others waited");
    assert.equal(webhook.counts.delivered, 3);
    assert.equal(webhook.counts.failedAttempts, first.length - 1);
  });

  test("waits no longer than its time-out, and goes on when the receiver comes back", async () => {
    const receiver = await WebhookReceiver.start();
    receiver.status = undefined;
    const client = createWebhookClient({ url: receiver.url, ca: undefined, timeoutMs: 200 });
    const webhook = webhookTo(receiver.url, { client });
    send(webhook, [1]);
    await receiver.until(2);
    receiver.status = 204;
    await webhook.close(5_000);
    assert.equal(webhook.counts.delivered, 1);
    assert.match(log.lines.join(""), /webhook-attempt-failed.*TimeoutError/);
  });

  test("holds a bounded number of events and counts the others", async () => {
    const receiver = await WebhookReceiver.start();
    receiver.status = 503;
    const webhook = webhookTo(receiver.url, { queueLength: 10 });
    send(webhook, range(25));
    assert.deepEqual([webhook.waiting, webhook.counts.dropped], [10, 15]);
    receiver.status = 204;
    await webhook.close(5_000);
    assert.deepEqual([webhook.waiting, webhook.counts.delivered], [0, 10]);
    assert.deepEqual(new Set(receiver.ids), new Set(range(10)));
    const drops = log.lines.filter((line) => line.includes("queue-full"));
    assert.equal(drops.length, 1, "one line for all of them");
  });

  test("gives events up that nobody takes for too long", async () => {
    const receiver = await WebhookReceiver.start();
    receiver.status = 404;
    const webhook = webhookTo(receiver.url, { backOff: { ...QUICK, giveUpMs: 20 } });
    send(webhook, [1]);
    while (webhook.waiting > 0) await sleep(5);
    assert.deepEqual([webhook.counts.delivered, webhook.counts.dropped], [0, 1]);
    receiver.status = 200;
    send(webhook, [2]);
    await webhook.close(5_000);
    assert.equal(webhook.counts.delivered, 1);
  });

  test("stops in time when nobody answers, and says what is lost", async () => {
    const receiver = await WebhookReceiver.start();
    receiver.status = undefined;
    const webhook = webhookTo(receiver.url, {
      client: createWebhookClient({ url: receiver.url, ca: undefined, timeoutMs: 60_000 }),
    });
    send(webhook, [1, 2, 3]);
    await receiver.until(1);
    const startedAt = performance.now();
    await webhook.close(50);
    assert.ok(performance.now() - startedAt < 1_000);
    assert.equal(webhook.counts.dropped, 3);
    assert.match(log.lines.at(-1) ?? "", /webhook-events-dropped.*"count":3,"reason":"stopped"/);
  });

  test("cuts a long wait short at a stop, for one last attempt", async () => {
    const receiver = await WebhookReceiver.start();
    receiver.status = 500;
    const webhook = webhookTo(receiver.url, {
      backOff: { firstMs: 60_000, longestMs: 60_000, giveUpMs: 600_000 },
    });
    send(webhook, [1]);
    await receiver.until(1);
    await sleep(20);
    receiver.status = 204;
    await webhook.close(5_000);
    assert.deepEqual(webhook.counts, { delivered: 1, dropped: 0, failedAttempts: 1 });
  });

  test("repeats neither the path nor the secret in the log", async () => {
    const path = randomBytes(8).toString("hex");
    const webhook = webhookTo(`http://127.0.0.1:1/${path}`);
    send(webhook, [1]);
    while (webhook.counts.failedAttempts === 0) await sleep(2);
    await webhook.close(0);
    const text = log.lines.join("");
    assert.match(text, /webhook-attempt-failed.*ECONNREFUSED/);
    assert.ok(!text.includes(path) && !text.includes("a secret of"));
  });

  test("speaks TLS, and only with a receiver of the right CA", async () => {
    const ca = await makeCa();
    const receiver = await WebhookReceiver.start(await makeServerCertificate(ca));
    const trusting = webhookTo(receiver.url, {}, ca.cert);
    send(trusting, [1]);
    await trusting.close(5_000);
    assert.equal(trusting.counts.delivered, 1);
    const other = webhookTo(receiver.url, {}, (await makeCa()).cert);
    send(other, [2]);
    await other.close(1_000);
    assert.deepEqual([other.counts.delivered, other.counts.dropped], [0, 1]);
    assert.deepEqual(receiver.ids, [1]);
  });
});
