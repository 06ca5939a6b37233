import { FatalError } from '@loadin/resilience';
import type { Profile } from './types.js';

/** Where a load's profile lies in the lake. */
export const profileKey = (entity: string, ingestionId: string): string => `${profilesPrefix(entity)}${ingestionId}.json`;

/** Under which all profiles of an entity lie. */
export const profilesPrefix = (entity: string): string => `_loadin/profiles/${entity}/`;

/** One line of JSON; the same for the same rows. */
export const printProfile = (profile: Profile): string => `${JSON.stringify(profile)}\n`;

/** Reads what `printProfile` writes. Throws `FatalError` for anything else; `where` names the object. */
export function readProfile(text: string, where: string): Profile {
  const value = parsed(text);
  if (typeof value !== 'object' || value === null || (value as Profile).format !== 'loadin.profile')
    throw new FatalError('This is no profile of a load', { where, hint: 'Remove it, or put the one back that was written.' });
  const { version, rows, columns } = value as { readonly version: unknown; readonly rows: unknown; readonly columns: unknown };
  if (version !== 1)
    throw new FatalError(`The profile has version ${JSON.stringify(version)}, and this Loadin knows 1`, {
      where,
      hint: 'Use the Loadin that wrote it, or a newer one.',
    });
  if (!isCount(rows) || !Array.isArray(columns) || !columns.every(isColumn))
    throw new FatalError('The profile is not whole', { where, hint: 'Remove it, or put the one back that was written.' });
  return value as Profile;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Said by whoever looks at what was read.
    return undefined;
  }
}

const isCount = (value: unknown): boolean => typeof value === 'number' && value >= 0;

const isShare = (value: unknown): boolean => typeof value === 'object' && value !== null && isCount((value as { readonly share?: unknown }).share);

function isColumn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { name, kind, nulls, distinct, quantiles = [], shares = [] } = value as Record<string, unknown>;
  return (
    typeof name === 'string' &&
    typeof kind === 'string' &&
    isCount(nulls) &&
    isCount(distinct) &&
    Array.isArray(quantiles) &&
    Array.isArray(shares) &&
    shares.every(isShare)
  );
}
