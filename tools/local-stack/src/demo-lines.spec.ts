import type { JsonObject } from '@loadin/pipeline';
import { readArguments } from './arguments.js';
import { consumedLine } from './consumed-line.js';
import { createdSummary } from './created-summary.js';
import { fieldChangeLines, fieldChanges } from './field-changes.js';
import { exampleLines } from './record-lines.js';

describe('the arguments', () => {
  it('are a command, a folder and --real', () => {
    expect(readArguments(['demo', '--real'])).toEqual({ command: 'demo', dir: expect.stringMatching(/\.loadin$/), real: true });
    expect(readArguments(['serve', '--dir', '/tmp/a'])).toEqual({ command: 'serve', dir: '/tmp/a', real: false });
    expect(readArguments(['demo', '--help'])?.command).toBe('help');
  });

  it.each([[[]], [['dance']], [['demo', 'twice']], [['demo', '--quick']], [['demo', '--dir']]])('are not understood: %j', (args) =>
    expect(readArguments(args)).toBeUndefined(),
  );
});

describe('what the set-up printed', () => {
  const there = 'already there  s3://a\nalready there  s3://a: tags\nsent           kinesis://b: test record (1)\n\nStream b\n  status  ACTIVE\n';

  it('is one line when all was there', () => {
    expect(createdSummary(there)).toBe('2 things already there (buckets, stream, table and their settings); a test record was put on the stream');
    expect(createdSummary(`\u001b[2malready there\u001b[22m  s3://a\n`)).toBe('1 thing already there (buckets, stream, table and their settings)');
  });

  it.each([there.replace('already', 'created'), there.replace('already there', 'differs'), there.replace(/already.*\n/g, ''), ''])(
    'is shown as it is otherwise: %j',
    (text) => expect(createdSummary(text)).toBe(text.trimEnd()),
  );
});

describe('what the consumer read', () => {
  const byType = { events: 2541, artists: 310 };

  it('balances with what was delivered; test records are counted apart', () => {
    expect(consumedLine({ byType, testRecords: 1, failed: 0 }, 2851)).toBe(
      '2,851 records (2,541 events, 310 artists), as many as were delivered, and 1 test record of loadin-setup; 0 failed',
    );
    expect(consumedLine({ byType, testRecords: 0, failed: 0 }, 2851)).toBe(
      '2,851 records (2,541 events, 310 artists), as many as were delivered; 0 failed',
    );
  });

  it('is held against what was delivered when that is another number', () => {
    expect(consumedLine({ byType, testRecords: 2, failed: 3 }, 5051)).toBe(
      '2,851 records (2,541 events, 310 artists); the run delivered 5,051 (of a run that was continued some may have been read before, or twice); 2 test records of loadin-setup; 3 failed',
    );
    expect(consumedLine({ byType: {}, testRecords: 0, failed: 0 }, 1)).toMatch(/^0 records; the run delivered 1 /);
  });
});

describe('a changed record', () => {
  it('is shown by its innermost values that differ', () => {
    const before: JsonObject = { id: '1', status: 'onsale', prices: [{ min: '10', max: '20' }], genre: null, venue: { name: 'A' }, tags: [] };
    const after: JsonObject = {
      id: '1',
      status: 'cancelled',
      prices: [{ min: '12', max: '20' }, { min: '1' }],
      genre: 'Pop',
      venue: null,
      tags: [],
      url: 'u',
    };
    expect(fieldChangeLines(fieldChanges(before, after))).toEqual([
      'status        "onsale" → "cancelled"',
      'prices.0.min  "10" → "12"',
      'prices.1      not there → {"min":"1"}',
      'genre         null → "Pop"',
      'venue         {"name":"A"} → null',
      'url           not there → "u"',
    ]);
    expect(fieldChangeLines(fieldChanges({ a: 1, b: [1] }, { b: { 0: 1 } }))).toEqual(['b  [1] → {"0":1}', 'a  1 → not there']);
  });
});

describe('the records shown', () => {
  const none = { added: [], changed: [], gone: 0, same: 3 };
  const one = { id: '1', before: { name: 'Old' }, after: { name: 'New' } };
  const samples = [{ name: 'A' }, { name: 'B' }];

  it('are a changed and a new one, each of the stream with the most of them', () => {
    const few = { ...none, stream: 'few', changed: [{ ...one, id: '2' }], added: [{ name: 'X' }] };
    const many = { ...none, stream: 'many', changed: [one, one] };
    expect(exampleLines([few, many], samples)).toEqual([
      '\nOne that has changed, 1 (New):',
      '  name  "Old" → "New"',
      '\nOne that is new:',
      '  {\n    "name": "X"\n  }',
    ]);
  });

  it('are two of the run when nothing has changed, and in the first run', () => {
    const two = ['\nTwo of the records:', '  {\n    "name": "A"\n  }', '  {\n    "name": "B"\n  }'];
    expect(exampleLines([{ ...none, stream: 'a' }], samples)).toEqual(two);
    expect(exampleLines([], samples)).toEqual(two);
  });
});
