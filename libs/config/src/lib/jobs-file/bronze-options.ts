import { expectations, type ExpectationData } from './expectations.js';
import { Field } from './field.js';
import { list, oneOf, ratio, text, TIME_ZONE, whole, yesOrNo } from './rules.js';

const column = text('\\S', 'the name of a column');
const columns = { one: 'the name of a column', many: 'names of columns' };

const eventDate = {
  description: 'The column whose day (UTC) is the event_date that files are partitioned by. Default: none, all rows lie in one partition.',
  ...column,
};
const contract = {
  description:
    "What happens to values that their column's type can't hold: evolve widens the column, freeze fails, quarantine leaves the row out. Default evolve.",
  ...oneOf('evolve', 'freeze', 'quarantine'),
};
const compression = { description: 'Of the Parquet files. Default: what the sink says, else zstd.', ...oneOf('zstd', 'snappy') };
const maxRejected = { description: 'The share of rejected rows from which a run fails. Default 0.01.', ...ratio(0, 1) };

/** How a table is read by `postgres.{name}`. */
export class PostgresOptions {
  @Field({ description: 'The table or view: schema.name, or a name alone for one of the schema public.', ...text('\\S', 'the name of a table') })
  table?: string;

  @Field({
    description: 'The columns whose values together name a row, as a primary key does. A table without one is read with mode: full.',
    ...list('\\S', columns, 1),
  })
  key?: string[];

  @Field({
    description:
      'incremental: what has changed since the last run, by the cursor, or, without one, found by comparing every row with the last run; full: every row, each time. Default incremental.',
    ...oneOf('incremental', 'full'),
  })
  mode?: 'incremental' | 'full';

  @Field({ description: 'The column that tells changes: each change of a row makes it greater.', ...column })
  cursor?: string;

  @Field({ description: 'What the cursor is: time (a timestamp or date) or number. Default time.', ...oneOf('time', 'number') })
  cursor_kind?: 'time' | 'number';

  @Field({
    description:
      'Of a cursor that is a time: how long before the last run rows are read again, for those that were committed late. Default 10, an hour more with a time_zone.',
    ...whole(0, 100_000),
  })
  look_back_minutes?: number;

  @Field({
    description: 'Of a cursor that is a number: how far below the last one rows are read again, for those that were committed late. Default 0.',
    ...whole(0, 1_000_000_000),
  })
  look_back_numbers?: number;

  @Field(eventDate)
  event_date?: string;

  @Field({ description: "The columns to read. Default: all, in the table's order.", ...list('\\S', columns, 1) })
  columns?: string[];

  @Field({
    description:
      'How many connections read it at once, each a range of its key, or of cursor and key; one more holds the state of the table that they share. For very large tables on a server that gives more by several connections than by one. Default 1, and none more.',
    ...whole(1, 32),
  })
  slices?: number;

  @Field(contract)
  contract?: 'evolve' | 'freeze' | 'quarantine';

  @Field(compression)
  compression?: 'zstd' | 'snappy';

  @Field({
    description: 'The column that says that a row is deleted. Such rows are delivered like every other change; profiles count them.',
    ...column,
  })
  soft_delete?: string;

  @Field({
    description: 'Full runs compare the keys with those of the full run before, and write a row with _deleted for each that is gone. Default false.',
    ...yesOrNo,
  })
  hard_deletes?: boolean;

  @Field({
    description: 'The zone in which a cursor without one (timestamp) is written. Default UTC.',
    ...text(TIME_ZONE, 'a time zone such as Europe/Stockholm'),
  })
  time_zone?: string;

  @Field(maxRejected)
  max_rejected?: number;

  @Field(expectations)
  expect?: ExpectationData[];
}

/** How `payments.payments` and `shipments.shipments` are read. */
export class ApiEntityOptions {
  @Field(eventDate)
  event_date?: string;

  @Field(contract)
  contract?: 'evolve' | 'freeze' | 'quarantine';

  @Field(compression)
  compression?: 'zstd' | 'snappy';

  @Field({ description: 'Records to ask for at once (the parameter limit). Default: as many as the service gives.', ...whole(1, 10_000) })
  page_size?: number;

  @Field(maxRejected)
  max_rejected?: number;

  @Field(expectations)
  expect?: ExpectationData[];
}
