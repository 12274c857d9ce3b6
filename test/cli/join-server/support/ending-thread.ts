import { parentPort } from "node:worker_threads";

// A thread that decides joins, but ends with the first one.
parentPort?.on("message", ({ kind }) => {
  if (kind === "tasks") process.exit(3);
  else parentPort?.close();
});
parentPort?.postMessage({ kind: "ready" });
