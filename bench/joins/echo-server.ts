import cluster from "node:cluster";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/**
 * What HTTP and JSON alone cost: two processes that read a JSON body and answer with one as long as a
 * JoinAns. Prints its URL.
 */
const PROCESSES = 2;
const ANSWER_FILL = "0".repeat(720);

if (cluster.isPrimary) {
  let listening = 0;
  cluster.on("listening", (_worker, { port }) => {
    listening += 1;
    if (listening === PROCESSES) console.log(`http://127.0.0.1:${port}`);
  });
  for (let index = 0; index < PROCESSES; index++) cluster.fork();
} else {
  const server = createServer((incoming, outgoing) => {
    let body = "";
    incoming.setEncoding("utf8");
    incoming.on("data", (chunk: string) => {
      body += chunk;
    });
    incoming.on("end", () => {
      const { TransactionID, SenderID } = JSON.parse(body) as Record<string, unknown>;
      const answer = JSON.stringify({ TransactionID, ReceiverID: SenderID, fill: ANSWER_FILL });
      outgoing.writeHead(200, {
        "content-type": "application/json",
        "content-length": answer.length,
      });
      outgoing.end(answer);
    });
  });
  server.listen(0, "127.0.0.1", () => void (server.address() as AddressInfo));
  process.once("disconnect", () => process.exit(0));
}
