import { createManualClock, type ManualClock } from '@loadin/testing';
import { startUpstreams, type Upstreams } from '@loadin/upstreams';

/** The run's scheduled time; the simulated catalogue begins on this day. */
export const scheduledTime = '2026-03-01T12:00:00Z';

/** Not to be found in anything that leaves: with the characters that get other forms in URLs, JSON and headers. */
export const canaries = {
  spotifyClientId: 'chaos-id',
  spotifyClientSecret: 'canary/secret+of="spotify"&more',
  ticketmasterApiKey: 'canary+key/of=ticketmaster&more',
} as const;

/** The simulated sources on one manual clock, on which no wait takes time. */
export interface World {
  readonly upstreams: Upstreams;
  readonly clock: ManualClock;
  /** Begins anew: the time, the limits; no storm, nothing counted. */
  renew(): void;
  close(): Promise<void>;
}

export async function startWorld(): Promise<World> {
  const begin = (): ManualClock => createManualClock(Date.parse(scheduledTime));
  let clock = begin();
  const upstreams = await startUpstreams({ now: () => clock.now(), credentials: canaries });
  const limits = structuredClone(upstreams.limits);
  return {
    upstreams,
    get clock() {
      return clock;
    },
    renew() {
      clock = begin();
      upstreams.faults.clear();
      upstreams.resetRequests();
      Object.assign(upstreams.limits.spotify, limits.spotify);
      Object.assign(upstreams.limits.ticketmaster, limits.ticketmaster);
    },
    close: () => upstreams.close(),
  };
}
