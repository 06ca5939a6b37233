import type { Secret, SecretStore, Settings } from '@loadin/config';
import type { StateStore } from '@loadin/pipeline';
import { limitsOf } from '../plan/source-limits.js';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;

export interface QuotaUsedParts {
  readonly settings: Settings & { readonly ticketmaster?: { readonly apiKey: Secret } };
  readonly secrets: SecretStore;
  /** Where runs count their calls. */
  readonly state: StateStore;
}

/** Percent of the day's calls that the account in use has spent, by source, of those sources that have such a quota. Calls are counted by the hour. */
export async function quotaUsedOf(
  sources: readonly string[],
  { settings, secrets, state }: QuotaUsedParts,
  now: number,
): Promise<ReadonlyMap<string, number>> {
  const found = new Map<string, number>();
  for (const source of sources) {
    const { perDay } = limitsOf(source, settings.http);
    const account = accountOf(source, settings);
    if (perDay === null || account === undefined) continue;
    const { quotaKey } = await import('../source-parts.js');
    const item = await state.get(quotaKey({ source, account: await secrets.value(account), windowMs: DAY_MS }));
    found.set(source, (callsWithinDay(item?.value['calls'], now) / perDay) * 100);
  }
  return found;
}

/** What calls are counted by, of the one source that has a quota of the day. */
const accountOf = (source: string, { ticketmaster }: QuotaUsedParts['settings']): Secret | undefined =>
  source === 'ticketmaster' ? ticketmaster?.apiKey : undefined;

/** `{ "{hours since 1970}": calls }` */
function callsWithinDay(calls: unknown, now: number): number {
  if (typeof calls !== 'object' || calls === null) return 0;
  return Object.entries(calls).reduce((sum, [hour, count]) => sum + ((Number(hour) + 1) * HOUR_MS + DAY_MS > now ? Number(count) : 0), 0);
}
