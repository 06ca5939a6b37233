import type { Cursor, PlanContext, Slice, StreamCursor } from '@loadin/pipeline';
import type { AnyStream, AnyStreamOptions, Params } from './any.js';
import { cursorBefore, cursorIn, timeEarlier } from './cursor.js';
import type { SincePaging } from './paging-kinds.js';

/** What a run reads of a list by `since`. Stored with its plan. */
export interface Range {
  /** Nothing before it is delivered. Absent: the run begins with the parameter as it is. */
  readonly from?: string;
  readonly until?: string;
}

/** A list is read in the order of its cursors when the service gives it so, and when it is the only one that its slice reads. */
export function cursorOf({ cursor, as, pages }: SincePaging, { partition }: AnyStream, isOneList: boolean): StreamCursor {
  return {
    kinds: [as],
    ordered: pages === undefined && (partition === undefined || isOneList),
    of(raw): Cursor | undefined {
      const found = cursorIn(raw, cursor, as);
      return found === undefined ? undefined : [found.text];
    },
  };
}

/** What a run asks for, and what it delivers of that: from the checkpoint on, less the look-back, with what lies at the very place of that. */
export function rangeOf(
  paging: SincePaging,
  { since: first = paging.begin, until, lookBackSeconds = paging.lookBackSeconds }: AnyStreamOptions,
  { since, scheduledTime }: PlanContext,
): { readonly params: Params; readonly range: Range; readonly interval: NonNullable<Slice['interval']> } {
  const end = until ?? untilOf(paging, scheduledTime);
  const from = since === undefined ? undefined : lookedBack(paging, since[0], lookBackSeconds);
  const range = { ...(from !== undefined && { from }), ...(end !== undefined && { until: end }) };
  const interval = { from: since ?? null, to: end === undefined ? null : ([end] as const) };
  return { params: { [paging.parameter]: from === undefined ? first : askedFor(paging, from) }, range, interval };
}

/** Where the records begin that may have turned up since the run before. */
const lookedBack = ({ as }: SincePaging, since: string, seconds = 0): string => (as === 'time' && seconds > 0 ? timeEarlier(since, seconds) : since);

/** Services differ in whether they give `since` itself again. */
const askedFor = ({ as, inclusive = false }: SincePaging, since: string): string => (inclusive ? since : (cursorBefore(since, as) ?? since));

/** What is newer may still change, or become visible late: it is the next run's. */
function untilOf({ as, lagSeconds = 60 }: SincePaging, scheduledTime: string): string | undefined {
  return as === 'time' ? new Date(Date.parse(scheduledTime) - lagSeconds * 1000).toISOString() : undefined;
}
