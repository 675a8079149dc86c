/** Where a run keeps its files: the folder that was asked for, or a temporary one. */
import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { OutDirectory } from "../../sim/cli/out-directory.ts";
import { guardFolder, releaseFolder } from "../processes/guard.ts";

export class RunFolder {
  readonly path: string;
  readonly #isTemporary: boolean;

  /**
   * @param path Kept afterwards; null for a temporary folder, which is not.
   * @throws UsageError if there can be no such folder.
   */
  constructor(path: string | null) {
    this.#isTemporary = path === null;
    if (path === null) {
      this.path = mkdtempSync(join(tmpdir(), "onceonly-run-"));
      guardFolder(this.path);
      // nginx and PostgreSQL run as other users, and must reach what is theirs below.
      chmodSync(this.path, 0o711);
      return;
    }
    // Checks the folder before the run, not after it.
    this.path = resolve(new OutDirectory(path).pathOf("."));
  }

  /** A folder below, made if need be. */
  folder(name: string): string {
    const path = join(this.path, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  pathOf(file: string): string {
    return join(this.path, file);
  }

  write(file: string, text: string): void {
    writeFileSync(this.pathOf(file), text);
  }

  /** Keeps a copy of what is in it. */
  copyTo(path: string): void {
    cpSync(this.path, path, { recursive: true });
  }

  /** Removes it, if it is temporary. Nobody may write to it any more. */
  remove(): void {
    if (!this.#isTemporary) return;
    rmSync(this.path, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    releaseFolder(this.path);
  }
}
