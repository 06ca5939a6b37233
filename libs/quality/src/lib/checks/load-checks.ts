import type { FreshnessExpectation, RowCountChangeExpectation } from '../expect/types.js';
import { NULL, viewField } from '../fields/row.js';
import { readTime, type TimeReading } from '../fields/time-text.js';
import type { Profile } from '../profile/types.js';
import type { InspectedLoad } from '../types.js';
import type { Outcome, RowCheck } from './types.js';
import { counted, hours, reasonOf, rowsText } from './wording.js';

/** `previous`: an incremental load has only what has changed; without a newer value the newest is still the one before. */
export function freshnessCheck(expectation: FreshnessExpectation, place: number, load: InspectedLoad, previous: Profile | undefined): RowCheck {
  const { column, max_age_minutes: most } = expectation;
  const reading: TimeReading = { seconds: 0, micros: 0 };
  const scheduled = Date.parse(load.scheduledTime) / 1000;
  let newest = load.loadType === 'incremental' ? newestOf(previous, column) : -Infinity;
  return {
    expectation,
    reason: reasonOf(expectation),
    broken: 0,
    holds: () => true,
    keep(row, view) {
      if ((row.flags[place] ?? NULL) === NULL) return;
      viewField(view, row, place);
      readTime(reading, view.bytes, view.start, view.end);
      if (reading.seconds > newest && reading.seconds < Infinity) newest = reading.seconds;
    },
    finish(): Outcome {
      if (newest === -Infinity) return { status: 'unchecked', message: `freshness: no row has a time in ${column}` };
      const age = (scheduled - newest) / 60;
      if (age <= most) return {};
      return { message: `the newest ${column} is ${hours(age)} older than the run's scheduled time; at most ${hours(most)} are expected`, broken: 1 };
    },
    // A time that lies in the future must not make all loads after this one look fresh until then.
    newest: () => (newest === -Infinity ? undefined : [column, new Date(Math.min(newest, scheduled) * 1000).toISOString()]),
  };
}

function newestOf(profile: Profile | undefined, column: string): number {
  const known = profile?.newest?.[column] ?? profile?.columns.find(({ name }) => name === column)?.max;
  if (known === undefined) return -Infinity;
  const bytes = Buffer.from(known);
  const reading = { seconds: 0, micros: 0 };
  readTime(reading, bytes, 0, bytes.length);
  return Number.isFinite(reading.seconds) ? reading.seconds : -Infinity;
}

export function rowCountChangeCheck(expectation: RowCountChangeExpectation, load: InspectedLoad, previous: Profile | undefined): RowCheck {
  const { max_drop_percent: drop = Infinity, max_rise_percent: rise = Infinity, load_type: only = load.loadType } = expectation;
  return {
    expectation,
    reason: reasonOf(expectation),
    broken: 0,
    holds: () => true,
    finish({ kept }): Outcome {
      // The first load of an entity is no finding.
      if (previous === undefined || previous.load_type !== load.loadType || only !== load.loadType) return {};
      const before = previous.rows;
      // Exact for whole numbers of rows: percent × rows is below 2^53.
      const [dropped, risen] = [(before - kept) * 100 > drop * before, (kept - before) * 100 > rise * before];
      if (!dropped && !risen) return {};
      if (before === 0) return { status: 'unchecked', message: `${rowsText(kept, load.loadType)} after a load without rows: no percentage` };
      const change = Math.round(((kept - before) / before) * 1_000) / 10;
      const expected = dropped ? `a drop of at most ${drop} %` : `a rise of at most ${rise} %`;
      return {
        message: `${rowsText(kept, load.loadType)} after ${counted(before)} in the last ${load.loadType} load (${change > 0 ? '+' : ''}${change} %); ${expected} is expected`,
        broken: 1,
      };
    },
  };
}
