import { batchOf, recordOf } from '@loadin/testing';
import fc from 'fast-check';
import { createBodyBuffers } from './body-buffers.js';
import { rawBody } from './raw-body.js';

const buffers = createBodyBuffers();

describe('rawBody', () => {
  it('is the line of JSON that one would write at once, whatever is in the records', () => {
    const texts = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.array(fc.constantFrom('a', '"', '\n', 'é', '漢', '🎤', '\ud83c')).map((units) => units.join('')),
      fc.constant('ü'.repeat(500)),
      fc.constant('x'.repeat(500)),
    );
    fc.assert(
      fc.property(fc.array(texts, { maxLength: 6 }), (values) => {
        const records = values.map((text, n) => recordOf(`id ${n}`, { id: `id ${n}`, text }));
        const body = rawBody(batchOf(records), records, buffers);
        const before = body.toString().slice(0, body.indexOf('"records":['));
        expect(body.equals(Buffer.from(`${before}"records":[${records.map(({ json }) => json).join(',')}]}\n`))).toBe(true);
      }),
    );
  });

  it('counts what it has and what was rejected', () => {
    const records = [recordOf('a', { id: 'a' })];
    const { ingestion_result: result } = JSON.parse(rawBody(batchOf([...records, recordOf('b', {})], { rejected: 2 }), records, buffers).toString());
    expect(result).toMatchObject({ records_processed: 4, records_successful: 1, records_failed: 3 });
  });
});
