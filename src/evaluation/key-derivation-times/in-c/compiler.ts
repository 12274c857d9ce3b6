import { execFile } from "node:child_process";
import { promisify } from "node:util";

export interface Compiler {
  readonly command: string;
  /** First line of `--version`. */
  readonly version: string;
}

const execute = promisify(execFile);

/** The first of the commands that runs. */
export async function findCompiler(
  commands: readonly string[] = ["gcc", "cc", "clang"],
): Promise<Compiler | undefined> {
  for (const command of commands) {
    try {
      const { stdout } = await execute(command, ["--version"]);
      return { command, version: stdout.split("\n")[0] as string };
    } catch {
      // Not installed, or not a compiler.
    }
  }
  return undefined;
}

/** A program for one machine from C sources. */
export interface CompileInput {
  readonly compiler: Compiler;
  /** `-O2`, `-maes`. */
  readonly options: readonly string[];
  /** Full names. */
  readonly sources: readonly string[];
  readonly program: string;
}

/** @throws Error with the compiler's first line when it refuses, or what `signal` was ended with */
export async function compile(input: CompileInput, signal: AbortSignal): Promise<void> {
  const { compiler, options, sources, program } = input;
  try {
    await execute(compiler.command, ["-std=c11", ...options, "-o", program, ...sources], {
      signal,
    });
  } catch (error) {
    signal.throwIfAborted();
    const words = (error as { readonly stderr?: string }).stderr?.trim().split("\n")[0];
    throw new Error(`${compiler.command}: ${words || (error as Error).message}`, { cause: error });
  }
}
