import { parseJobsFile } from '@loadin/config';
import type { Column } from '@loadin/postgres-source';
import { isEntity } from '../stream-facts.js';
import { misfits } from './misfits.js';

const column = (name: string, tag: Column['type']['tag'], sql: string): Column => ({
  name,
  type: { tag, sql },
  nullable: false,
  sortedByBytes: false,
});

const ORDERS = [
  column('id', 'int8', 'bigint'),
  column('total', 'numeric', 'numeric'),
  column('at', 'timestamptz', 'timestamp with time zone'),
  column('day', 'text', 'text'),
];

/** What is said of options, given as they stand in a jobs file. */
function saidOf(options: string): string[] {
  const text = `{ version: 1, streams: { postgres.orders: { table: orders, key: [id], ${options} } }, jobs: { bronze: { streams: [postgres.orders], sinks: [s3_bronze] } } }`;
  const [stream] = parseJobsFile(text, 'loadin.jobs.yaml').jobs.get('bronze')?.streams ?? [];
  if (stream === undefined || !isEntity(stream) || stream.id === 'payments.payments' || stream.id === 'shipments.shipments')
    throw new Error('no table');
  return misfits(stream.options, ORDERS);
}

describe('options of a table, held against its columns', () => {
  it.each([
    '',
    'cursor: at, event_date: at, soft_delete: at',
    'cursor: id, cursor_kind: number, event_date: day',
    'mode: full, cursor: id',
    'cursor: day',
  ])('fit: {%s}', (options) => {
    expect(saidOf(options)).toEqual([]);
  });

  it('name columns that are not there', () => {
    expect(
      saidOf('event_date: placed, soft_delete: gone, expect: [{ check: not_null, columns: [id, nmae] }, { check: range, column: totl, min: 0 }]'),
    ).toEqual([
      'there is no column placed, named as event_date',
      'there is no column gone, named as soft_delete',
      'there is no column nmae, named as column of not_null',
      'there is no column totl, named as column of range',
    ]);
  });

  it('partition by what has no day', () => {
    expect(saidOf('event_date: total')).toEqual(['total, named as event_date, is numeric, which has no day']);
  });

  it('take a number for a time, or a time for a number', () => {
    expect(saidOf('cursor: id')).toEqual(['the cursor id is bigint: its cursor_kind is number']);
    expect(saidOf('cursor: at, cursor_kind: number')).toEqual(['the cursor at is timestamp with time zone: its cursor_kind is time']);
  });
});
