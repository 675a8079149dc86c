/**
 * The text that SCRIPT LOAD takes: the script's shebang line, which must stay the first, then the
 * prelude, then the rest of the script. Throws if the source has no shebang: without one Redis 7
 * would run it under the old rules, and `reserve` past its memory limit.
 */
export function assembleScript(source: string, prelude: string): string {
  const endOfShebang = source.indexOf("\n") + 1;
  const shebang = source.slice(0, endOfShebang);
  if (!/^#!lua( flags=[a-z,-]+)?\n/.test(shebang)) {
    throw new Error(`a counter script must begin with a #!lua line, not with "${shebang.trim()}"`);
  }
  return shebang + prelude + source.slice(endOfShebang);
}
