import type { Meter } from '@loadin/observability';
import { createLanding, landedPages, type Landing, type LandingOf } from '../landing/landing.js';
import { oneAhead } from './one-ahead.js';
import { landedGroups, pageGroups, type PageGroup } from '../landing/page-groups.js';
import type { StreamPlan } from '../plan/plan.js';
import type { Page, Slice } from '../ports/stream.js';
import type { SliceContext } from './slice-context.js';
import type { SliceTimer } from './slice-time.js';

/** A slice's page groups: the next one is read and landed while the consumer works on one. */
export function slicePages(slice: Slice, context: SliceContext, reading: Meter): AsyncGenerator<PageGroup, void> {
  const left = new AbortController();
  const signal = AbortSignal.any([context.signal, left.signal]);
  const groups = groupsOf(slice, { ...context, signal }, reading);
  return oneAhead(groups, () => left.abort(new Error('its pages are not wanted any more')));
}

function groupsOf(slice: Slice, context: SliceContext, reading: Meter): AsyncGenerator<PageGroup, void> {
  const { jobStream, lake, plan, streamPlan, signal, logger } = context;
  const of = (stream: StreamPlan): LandingOf => ({ lake, plan, stream });
  const landing = timed(createLanding(of(streamPlan), slice), context.timer, context.keeper.isFirst && context.replay === undefined);
  if (context.replay !== undefined) return landedGroups(landing);
  const landed = (streamId: string): AsyncIterable<Page> => {
    const other = plan.streams.find((stream) => stream.id === streamId);
    return other === undefined ? noPages() : landedPages(of(other), streamId === streamPlan.id);
  };
  return pageGroups(jobStream.stream, slice, landing, { signal, meter: reading, logger, landed });
}

// eslint-disable-next-line require-yield -- an empty iterable is what a stream sees that is not part of the job
async function* noPages(): AsyncGenerator<Page> {
  return;
}

/** Says when the time that is waited for pages is the landing zone's, and does not look for what nobody can have landed. */
function timed(landing: Landing, timer: SliceTimer, isFirst: boolean): Landing {
  let isEmpty = isFirst;
  const landingTime = async <Result>(work: Promise<Result>): Promise<Result> => {
    timer.doing('landing_ms');
    try {
      return await work;
    } finally {
      timer.doing('reading_ms');
    }
  };
  return {
    key: landing.key,
    async get(group) {
      const known = isEmpty;
      isEmpty = false;
      return known ? undefined : landingTime(landing.get(group));
    },
    put: (group, lines) => landingTime(landing.put(group, lines)),
  };
}
