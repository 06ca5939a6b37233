import type { StepName } from '../evidence.js';
import type { Moment, Round, Scenario, Trouble } from '../scenario.js';
import type { WeatherRates } from '../weather.js';

/** What a mutant is put through: small, and nothing by chance. The hourly job is one stream of three slices. */
export function scenario(rounds: readonly Round[] = [], rest: Partial<Scenario> = {}): Scenario {
  return {
    seed: 1,
    store: 'dynamodb',
    shards: 2,
    jobs: ['hourly'],
    oddities: { seed: 1, spoiled: true, crowd: 0 },
    sourceStorm: {},
    ...rest,
    rounds,
  };
}

const at = (step: StepName, when: Moment['when'], nth = 1): Moment => ({ step, when, nth });
const calm = (trouble: Trouble): Round => ({ trouble, weather: {} });

/** The run is killed there, and calm attempts go on. */
export const killed = (step: StepName, when: Moment['when'], nth?: number): Scenario =>
  scenario([calm({ kind: 'kill at a step', at: at(step, when, nth) })]);

/** Nothing is done to the run: its clock jumps when it has long ended. */
const LEFT_ALONE: Trouble = { kind: 'clock jump', afterMs: 3_600_000, byMs: 1_000 };

export const inWeather = (weather: WeatherRates): Scenario => scenario([{ trouble: LEFT_ALONE, weather }]);

/** Most calls to the sources fail, so that the slices of the first attempt do. */
export const sourcesDown: Scenario = scenario([calm(LEFT_ALONE)], { sourceStorm: { serverError: 0.8 } });

export const undisturbed: Scenario = scenario();

/** Records without a country, which every page of every slice has. */
export const sharedRecords: Scenario = scenario([], { oddities: { seed: 1, spoiled: false, crowd: 0, shared: 3 } });

/**
 * A slice with more records than a batch takes: the run is killed when the first batch is noted. Those of the other slices are noted earlier, because they are
 * small; the second batch comes seconds later, because a stream takes so many records a second.
 */
export const killedBetweenBatches: Scenario = scenario([calm({ kind: 'kill at a step', at: at('progress saved', 'after', 3) })], {
  shards: 1,
  oddities: { seed: 1, spoiled: false, crowd: 15 },
});

/** The call waits that the run is about to make there, and all that come after it, while another copy takes over and comes to its end. */
export const heldUp = (step: StepName, nth = 1): Scenario => scenario([calm({ kind: 'cut off', at: at(step, 'before', nth), others: 1 })]);

/** The process sleeps from there on, while another one takes over; it wakes when that has ended. */
export const asleep = (step: StepName, nth = 1): Scenario => scenario([calm({ kind: 'paused process', at: at(step, 'after', nth) })]);

export const twoCopies: Scenario = scenario([calm({ kind: 'copies at once', delaysMs: [300] })]);

export const sameSecond: Scenario = scenario([calm({ kind: 'same second' })], { jobs: ['daily', 'hourly'] });

/** Every event has another name from there on; the run is killed, and another attempt goes on. */
export const sourceChanged = (step: StepName, nth = 1): Scenario =>
  scenario([calm({ kind: 'changed source', how: 'contents', at: at(step, 'after', nth) })]);
