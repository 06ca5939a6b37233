import { awsErrorCode } from '@loadin/aws';
import { FatalError, type ObjectStore } from '@loadin/pipeline';

/** A lake that is looked at because a setting names it: who may not look there is told of that setting. */
export function optionalLake(lake: ObjectStore, setting: string): ObjectStore {
  const told = (error: unknown): unknown => {
    if (!(error instanceof FatalError) || !DENIED.has(awsErrorCode(error.cause) ?? '')) return error;
    const { message, where, hint, cause } = error;
    return new FatalError(message, {
      where,
      cause,
      hint: `${hint ?? ''} ${setting} names this bucket: without that setting only the other one is looked at.`.trim(),
    });
  };
  const attempt = <T>(call: Promise<T>): Promise<T> => call.catch((error: unknown) => Promise.reject(told(error) as Error));
  return {
    ...lake,
    get: (key) => attempt(lake.get(key)),
    async *list(prefix) {
      try {
        yield* lake.list(prefix);
      } catch (error) {
        throw told(error);
      }
    },
  };
}

/** A HEAD request has no body that would say more than its status. */
const DENIED: ReadonlySet<string> = new Set(['AccessDenied', 'Forbidden']);
