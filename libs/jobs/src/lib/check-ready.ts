import { resolveSecrets, type Credentials, type JobDefinition, type SecretStore, type Settings } from '@loadin/config';
import { FatalError, RetryableError } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import { lakeBucket, needsOf } from './job-needs.js';
import { checkBucket } from './preflight.js';
import { sinkKind } from './sinks.js';
import { isBronze, needOf } from './stream-facts.js';
import { checkState } from './stores.js';

export interface Ready {
  readonly settings: Settings;
  readonly aws: AwsConnections;
  readonly secrets: SecretStore;
}

/**
 * Asks for buckets, stream, table, secrets and database before a page is read: pages cost quota, and a database time. Throws `FatalError`, or what kept AWS from
 * answering.
 */
export async function checkReady(definition: JobDefinition, ready: Ready): Promise<void> {
  const { settings, aws } = ready;
  const bucket = lakeBucket(definition, settings);
  const checks: Promise<unknown>[] = [checkBucket(aws, bucket), checkState(settings, aws), checkCredentials(definition, ready)];
  if (settings.logBucket !== undefined && settings.logBucket !== bucket) checks.push(checkBucket(aws, settings.logBucket));
  // What bronze is written to is the bucket itself.
  if (!isBronze(definition)) for (const name of definition.sinks) if (name !== 's3_raw') checks.push(sinkKind(name).check(settings, aws));
  const failures = (await Promise.allSettled(checks)).flatMap((check) => (check.status === 'rejected' ? [check.reason as unknown] : []));
  const [first, ...others] = failures;
  if (first instanceof FatalError && others.every((error) => error instanceof FatalError)) throw allOf([first, ...others]);
  if (failures.length > 0) throw first;
}

/** Read now, although clients ask again: a secret that is not there must be known before a page is. Only those of this job, which may be all that it is allowed to read. */
async function checkCredentials(definition: JobDefinition, { settings, secrets }: Ready): Promise<void> {
  const groups = new Set<string>(needsOf(definition));
  const own: Partial<Settings> = Object.fromEntries(Object.entries(settings).filter(([group]) => groups.has(group)));
  await resolveSecrets(own as Parameters<typeof resolveSecrets>[0], secrets);
  if (groups.has('postgres' satisfies keyof Credentials)) await checkDatabaseOf(definition, { settings, secrets });
}

/** A database that is away for a moment fails the tables alone, and not what else the job reads. */
async function checkDatabaseOf({ streams }: JobDefinition, ready: Pick<Ready, 'settings' | 'secrets'>): Promise<void> {
  const { checkDatabase } = await import('./entities/check-database.js');
  const hasOthers = streams.some((stream) => needOf(stream) !== 'postgres');
  await checkDatabase(ready).catch((error: unknown) => {
    if (!(hasOthers && error instanceof RetryableError)) throw error;
  });
}

/** Several things can be wrong with a set-up at once: all of them in one error, so that they are mended at once. */
function allOf(errors: readonly FatalError[]): FatalError {
  // Rows and state may lie in one bucket, which is asked for twice.
  const texts = [...new Set(errors.map(({ message, where }) => (where === undefined ? message : `${message} (${where})`)))];
  const [only] = errors;
  if (texts.length === 1 && only !== undefined) return only;
  const hints = [...new Set(errors.flatMap(({ hint }) => hint ?? []))];
  return new FatalError(`${texts.length} things that the job needs are not ready: ${texts.join('; ')}`, { hint: hints.join(' ') });
}
