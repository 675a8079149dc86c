/** The URL of a database as it may be shown: the password is left out. */
export function withoutPassword(url: string): string {
  return url
    .replace(/(:\/\/[^/:@?]*):[^?]*@/u, "$1@")
    .replaceAll(/([?&]password=)[^&]*/gu, "$1***");
}
