import { Field, type FieldRule } from './field.js';
import { mappingsOf } from './inside.js';
import { list, oneOf, ratio, text } from './rules.js';

const column = text('\\S', 'the name of a column');

const numberOrText: FieldRule = {
  expected: 'a number, or a text with a number, a time or a time of day',
  holds: (value) => (typeof value === 'number' && Number.isFinite(value)) || (typeof value === 'string' && value.trim() !== ''),
  schema: { anyOf: [{ type: 'number' }, { type: 'string', pattern: '\\S' }] },
};

const isScalar = (value: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof value);
const scalars: FieldRule = {
  expected: 'a list of texts, numbers, true or false',
  holds: (value) => Array.isArray(value) && value.length > 0 && value.every(isScalar),
  schema: { type: 'array', minItems: 1, items: { type: ['string', 'number', 'boolean'] } },
};

/** The fields of all expectations together: which of them one has is a matter of its check. */
class ExpectationOptions {
  @Field({
    description: 'What is looked at: in a load of what has changed (incremental) at those rows alone.',
    ...oneOf('not_null', 'unique', 'range', 'regex', 'allowed_values', 'freshness', 'row_count_change', 'reference'),
  })
  check?: string;

  @Field({
    description:
      'What follows when it does not hold: warn (a note in the report), quarantine (its rows are left out), stop (nothing is loaded). Default warn.',
    ...oneOf('warn', 'quarantine', 'stop'),
  })
  severity?: 'warn' | 'quarantine' | 'stop';

  @Field({ description: 'Of not_null and unique: the columns.', ...list('\\S', { one: 'the name of a column', many: 'names of columns' }, 1) })
  columns?: string[];

  @Field({ description: 'The column.', ...column })
  column?: string;

  @Field({ description: 'Of range: the least value.', ...numberOrText })
  min?: number | string;

  @Field({ description: 'Of range: the greatest value.', ...numberOrText })
  max?: number | string;

  @Field({ description: 'Of regex: what is found in every value; ^…$ for all of it.', ...text('\\S', 'a regular expression') })
  pattern?: string;

  @Field({ description: 'Of allowed_values: the values.', ...scalars })
  values?: (string | number | boolean)[];

  @Field({ description: 'Of freshness: how old the latest value may be when the run is scheduled.', ...ratio(0, 5_256_000) })
  max_age_minutes?: number;

  @Field({
    description: 'Of row_count_change: how much fewer rows than in the last load of the same kind, full or incremental, in percent.',
    ...ratio(0, 100),
  })
  max_drop_percent?: number;

  @Field({
    description: 'Of row_count_change: how many more rows than in the last load of the same kind, full or incremental, in percent.',
    ...ratio(0, 1_000_000),
  })
  max_rise_percent?: number;

  @Field({
    description:
      'Of row_count_change: loads of this kind alone; full ones have all rows, incremental ones those that have changed. Default: both, each against its kind.',
    ...oneOf('full', 'incremental'),
  })
  load_type?: 'full' | 'incremental';

  @Field({ description: 'Of reference: the entity that has the values, as it is called after the dot.', ...text('\\S', 'the name of an entity') })
  entity?: string;

  @Field({ description: "Of reference: that entity's column. Default: its key.", ...column })
  entity_column?: string;
}

/** `expect:` of an entity. */
export const expectations = {
  description: "What is expected of an entity's rows, and what follows when it does not hold.",
  ...mappingsOf({ type: ExpectationOptions, required: ['check'] }),
};

/** As they stand in the file. `readExpectations` of `@loadin/quality` makes of them what is looked at. */
export type ExpectationData = Readonly<Record<string, unknown>>;
