/** The target of a request (RFC 9112, section 3.2): which path it names, and what its query says. */
import { BadRequest } from "./bad-request.ts";

export interface RequestTarget {
  readonly path: string;
  /** What follows the question mark; empty without one. */
  readonly query: string;
}

/** "http://host/path?query", as clients write it to proxies; a server must take it too. */
const ABSOLUTE_FORM = /^https?:\/\/[^/?#]+/iu;

export function readTarget(target: string): RequestTarget {
  const local = target.startsWith("/") ? target : target.replace(ABSOLUTE_FORM, "");
  const mark = local.indexOf("?");
  if (mark < 0) return { path: local, query: "" };
  return { path: local.slice(0, mark), query: local.slice(mark + 1) };
}

/**
 * A field of a query; undefined if it is not there. Whatever else the query has is not looked at:
 * people and programs add fields of their own.
 * @throws BadRequest if it is given twice or badly encoded
 */
export function queryField(query: string, field: string): string | undefined {
  let found: string | undefined;
  for (const pair of query.split("&")) {
    const [name, ...value] = pair.split("=");
    if (decoded(name) !== field) continue;
    if (found !== undefined) throw new BadRequest(`${field}: given twice in the query`);
    found = decoded(value.join("="));
    if (found === undefined) throw new BadRequest(`${field}: malformed percent-encoding`);
  }
  return found;
}

/** undefined if the percent-encoding is malformed. */
export function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
