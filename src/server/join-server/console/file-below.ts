import { realpath, stat } from "node:fs/promises";
import { join, sep } from "node:path";

/**
 * Whether a path of a request names a file in the folder or below it. Hidden files are none, and neither
 * is what lies elsewhere by `..` or by a link.
 *
 * @param path decoded, relative, with `/`
 */
export async function isFileBelow(folder: string, path: string): Promise<boolean> {
  const parts = path.split("/");
  if (/[\\\0]/.test(path) || parts.some((part) => part === "" || part.startsWith(".")))
    return false;
  try {
    const [root, file] = await Promise.all([realpath(folder), realpath(join(folder, path))]);
    return file.startsWith(root + sep) && (await stat(file)).isFile();
  } catch {
    return false;
  }
}
