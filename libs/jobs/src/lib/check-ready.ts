import { needed, type JobDefinition, type Settings } from '@loadin/config';
import { FatalError } from '@loadin/pipeline';
import type { AwsConnections } from './aws-connections.js';
import { checkBucket } from './preflight.js';
import { sinkKind } from './sinks.js';
import { checkState } from './stores.js';

/** Asks for buckets, stream and table before a page is read: pages cost quota. Throws `FatalError`, or what kept AWS from answering. */
export async function checkReady(definition: JobDefinition, settings: Settings, aws: AwsConnections): Promise<void> {
  const raw = needed(settings, 'raw').bucket;
  const checks = [checkBucket(aws, raw), checkState(settings, aws)];
  if (settings.logBucket !== undefined && settings.logBucket !== raw) checks.push(checkBucket(aws, settings.logBucket));
  for (const name of definition.sinks) if (name !== 's3_raw') checks.push(sinkKind(name).check(settings, aws));
  const failures = (await Promise.allSettled(checks)).flatMap((check) => (check.status === 'rejected' ? [check.reason as unknown] : []));
  const [first, ...others] = failures;
  if (first instanceof FatalError && others.every((error) => error instanceof FatalError)) throw allOf([first, ...others]);
  if (failures.length > 0) throw first;
}

/** Several things can be wrong with a set-up at once: all of them in one error, so that they are mended at once. */
function allOf(errors: readonly FatalError[]): FatalError {
  const [only] = errors;
  if (errors.length === 1 && only !== undefined) return only;
  const hints = [...new Set(errors.flatMap(({ hint }) => hint ?? []))];
  const texts = errors.map(({ message, where }) => (where === undefined ? message : `${message} (${where})`));
  return new FatalError(`${errors.length} things that the job needs are not ready: ${texts.join('; ')}`, { hint: hints.join(' ') });
}
