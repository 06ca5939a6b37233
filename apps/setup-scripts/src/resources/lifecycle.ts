import type { LifecycleRule } from '@aws-sdk/client-s3';
import { isDeepStrictEqual } from 'node:util';
import { missingPart, right, type Finding } from '../resource.js';

/** After so many days the parts of an upload that was never completed go. A run that is older can't be resumed. */
export const abortUploadsAfterDays = 7;
/** Pages as received are kept for as long as a replay without new requests to the source should be possible: a quarter's figures can be mended. */
export const landingDays = 90;
/** Objects that were replaced or deleted can be brought back for so long. */
export const noncurrentDays = 30;

const everywhere = { Prefix: '' };

/** How long things are kept, in days. */
export interface KeptDays {
  readonly landingDays: number;
  readonly noncurrentDays: number;
}

/** The rules that Loadin wants for a bucket. Rules of others in the same bucket stay as they are. `kept`: the stacks have days of their own for each environment. */
export function lifecycleRules(holdsLanding: boolean, kept: KeptDays = { landingDays, noncurrentDays }): LifecycleRule[] {
  return [
    {
      ID: 'loadin-abort-incomplete-uploads',
      Status: 'Enabled',
      Filter: everywhere,
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: abortUploadsAfterDays },
    },
    {
      ID: 'loadin-expire-noncurrent-versions',
      Status: 'Enabled',
      Filter: everywhere,
      Expiration: { ExpiredObjectDeleteMarker: true },
      NoncurrentVersionExpiration: { NoncurrentDays: kept.noncurrentDays },
    },
    ...(holdsLanding ? [landingRule(kept.landingDays)] : []),
  ];
}

/** What the versioning keeps of an expired page goes a day later. */
const landingRule = (days: number): LifecycleRule => ({
  ID: 'loadin-expire-landing',
  Status: 'Enabled',
  Filter: { Prefix: 'landing/' },
  Expiration: { Days: days },
  NoncurrentVersionExpiration: { NoncurrentDays: 1 },
});

/** Compares by rule id. How long things are kept is a matter of taste and cost: rules of ours that somebody changed count as there, and are named. */
export function compareRules(found: readonly LifecycleRule[], wanted: readonly LifecycleRule[]): Finding {
  const byId = new Map(found.map((rule) => [rule.ID, rule]));
  const absent = wanted.filter(({ ID }) => !byId.has(ID)).map(({ ID }) => ID);
  if (absent.length > 0) return missingPart(absent.join(', '));
  const changed = wanted.filter((rule) => !sameRule(byId.get(rule.ID), rule)).map(({ ID }) => ID);
  return right(changed.length === 0 ? undefined : `changed by somebody: ${changed.join(', ')}`);
}

/** The rules to put: what is there, and what is missing of ours. */
export function mergeRules(found: readonly LifecycleRule[], wanted: readonly LifecycleRule[]): LifecycleRule[] {
  const ids = new Set(found.map(({ ID }) => ID));
  return [...found, ...wanted.filter(({ ID }) => !ids.has(ID))];
}

function sameRule(found: LifecycleRule | undefined, wanted: LifecycleRule): boolean {
  return isDeepStrictEqual(comparable(found), comparable(wanted));
}

/** Servers leave an empty filter out or answer it in other words; a prefix is what it means. */
function comparable(rule: LifecycleRule | undefined): unknown {
  const { Status, Filter, Expiration, NoncurrentVersionExpiration, AbortIncompleteMultipartUpload } = rule ?? {};
  return [
    Status,
    Filter?.Prefix ?? '',
    Expiration?.Days,
    Expiration?.ExpiredObjectDeleteMarker ?? false,
    NoncurrentVersionExpiration?.NoncurrentDays,
    AbortIncompleteMultipartUpload?.DaysAfterInitiation,
  ];
}
