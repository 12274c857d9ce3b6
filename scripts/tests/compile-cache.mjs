// Preloaded by the tests: every test file is a process of its own, and most load the same modules. What
// one has compiled, the others find, and so do the roles and worker threads that they start.
import { enableCompileCache } from "node:module";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../../node_modules/.cache/warren", import.meta.url));
// Read by every process at its start, before any preloaded module.
process.env.NODE_COMPILE_CACHE ??= folder;
enableCompileCache(process.env.NODE_COMPILE_CACHE);
