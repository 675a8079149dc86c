/** Finds programs and libraries of the system, and installs what is missing where it may. */
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { join } from "node:path";

/** Something is not installed and cannot be installed from here; the message names the command. */
export class MissingProgram extends Error {
  override readonly name = "MissingProgram";
}

const SYSTEM_FOLDERS = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin"];

/**
 * Path of a program, installed from its Debian package if need be.
 * @throws MissingProgram
 */
export function requireProgram(program: string, debianPackage: string): string {
  const folders = [...(process.env["PATH"] ?? "").split(":"), ...SYSTEM_FOLDERS];
  return requireOneOf(
    program,
    folders.filter((folder) => folder !== "").map((folder) => join(folder, program)),
    constants.X_OK,
    debianPackage,
  );
}

/**
 * The first of these files that exists, after installing its Debian package if need be.
 * @throws MissingProgram
 */
export function requireFile(name: string, paths: readonly string[], debianPackage: string): string {
  return requireOneOf(name, paths, constants.R_OK, debianPackage);
}

function requireOneOf(
  name: string,
  paths: readonly string[],
  mode: number,
  debianPackage: string,
): string {
  const present = paths.find((path) => isAccessible(path, mode));
  if (present !== undefined) return present;
  installDebianPackage(name, debianPackage);
  const installed = paths.find((path) => isAccessible(path, mode));
  if (installed === undefined) {
    throw new MissingProgram(`${debianPackage} is installed, but ${name} is in none of its places`);
  }
  return installed;
}

function isAccessible(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function installDebianPackage(name: string, debianPackage: string): void {
  const command = `apt-get install -y ${debianPackage}`;
  const advice = `${name} is not installed; install it with: ${command}`;
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) throw new MissingProgram(advice);
  // A fresh image has no package lists. A failed update is not final: the lists may be there.
  runAptGet(["update"]);
  const { status, stderr } = runAptGet(["install", "-y", "--no-install-recommends", debianPackage]);
  if (status !== 0) {
    const lastLine = stderr.trim().split("\n").at(-1) ?? "";
    throw new MissingProgram(`${advice} (tried it: ${lastLine})`);
  }
}

function runAptGet(args: readonly string[]): { status: number | null; stderr: string } {
  const { status, stderr } = spawnSync("/usr/bin/apt-get", args, {
    encoding: "utf8",
    // RUNLEVEL keeps the package's own service from being started.
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive", RUNLEVEL: "1" },
    timeout: 300_000,
  });
  return { status, stderr: stderr ?? "" };
}
