import type { Logger } from '@loadin/observability';
import type { Clock } from '@loadin/resilience';
import type { Deadline } from './deadline.js';
import type { RunObserver } from '../events.js';
import type { LeaseOptions } from '../leases/types.js';
import type { Plan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { StateStore } from '../ports/state-store.js';
import type { Slice } from '../ports/stream.js';
import type { SliceReplay } from './slice-context.js';
import type { Slots } from './slots.js';

/** What the slices of a run have in common in one process. */
export interface SlicesContext {
  readonly plan: Plan;
  readonly lake: ObjectStore;
  readonly state: StateStore;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly logger: Logger;
  readonly observe: RunObserver;
  /** How this process holds slices. */
  readonly leases: LeaseOptions;
  /** Places for slices in flight, of all streams. */
  readonly slots: Slots;
  readonly deadline: Deadline;
  /** Nobody can have begun a slice before: they need not be looked at first. Default false. */
  readonly fresh?: boolean;
  /** Set when the run is delivered again from its landed pages: how, slice by slice. */
  readonly replay?: (slice: Slice) => SliceReplay;
}
