import { noSuchKey, notImplemented, preconditionFailed } from './errors.js';
import type { ObjectVersion } from './types.js';

type Headers = Readonly<Record<string, string | undefined>>;

const sameTag = (list: string, etag: string): boolean =>
  list.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '').replace(/^"|"$/g, '') === etag);

/**
 * "How to prevent object overwrites with conditional writes", Amazon S3 User Guide: `If-None-Match: *` succeeds when the key has no object
 * (a delete marker is none), `If-Match` when the object has that ETag.
 * Throws `PreconditionFailed`, and `NoSuchKey` for `If-Match` without an object.
 */
export function checkWriteConditions(headers: Headers, current: ObjectVersion | undefined, key: string): void {
  const [ifMatch, ifNoneMatch] = [headers['if-match'], headers['if-none-match']];
  if (ifNoneMatch !== undefined && ifNoneMatch.trim() !== '*') throw notImplemented('If-None-Match with an ETag');
  if (ifNoneMatch !== undefined && current !== undefined) throw preconditionFailed('If-None-Match');
  if (ifMatch === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (!sameTag(ifMatch, current.etag)) throw preconditionFailed('If-Match');
}

/**
 * The conditions of GET and HEAD, and with the prefix `x-amz-copy-source-` of copies, in the order of RFC 9110, section 13.2.2.
 * Throws `PreconditionFailed`; returns true for "not modified".
 */
export function checkReadConditions(headers: Headers, version: ObjectVersion, prefix = ''): boolean {
  const header = (name: string): string | undefined => headers[`${prefix}${name}`];
  const [match, noneMatch] = [header('if-match'), header('if-none-match')];
  const [since, unmodified] = [dateOf(header('if-modified-since')), dateOf(header('if-unmodified-since'))];
  if (match !== undefined) {
    if (!sameTag(match, version.etag)) throw preconditionFailed('If-Match');
  } else if (unmodified !== undefined && version.modified > unmodified) {
    throw preconditionFailed('If-Unmodified-Since');
  }
  if (noneMatch !== undefined) return sameTag(noneMatch, version.etag);
  return since !== undefined && version.modified <= since;
}

/** A date that can't be read is as if it were not there. */
function dateOf(header: string | undefined): number | undefined {
  const date = Date.parse(header ?? '');
  return Number.isNaN(date) ? undefined : date;
}
