/** Something outside the command is missing or fails, as a full disk: one line and exit code 3. */
export class EnvironmentError extends Error {
  override readonly name = "EnvironmentError";
}
