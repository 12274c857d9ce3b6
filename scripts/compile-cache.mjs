// Preloaded by the tests: every test file is a process of its own, and most load the same modules. What
// one has compiled, the others find below the system's temporary folder.
import { enableCompileCache } from "node:module";

enableCompileCache();
