import fc from 'fast-check';
import { createOutstanding } from './outstanding.js';

const never = new AbortController().signal;
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('what may be in a sink at a time', () => {
  it('lets in by order of arrival, never more than the limits, and everybody in the end', async () => {
    const sizes = fc.array(fc.record({ records: fc.integer({ min: 0, max: 12 }), bytes: fc.integer({ min: 0, max: 120 }) }), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(sizes, fc.infiniteStream(fc.nat()), async (all, draw) => {
        const outstanding = createOutstanding({ records: 10, bytes: 100 });
        const order: number[] = [];
        const inside: number[] = [];
        all.forEach((size, n) => {
          void outstanding.enter(size, never).then(() => {
            order.push(n);
            inside.push(n);
          });
        });
        await settled();
        while (inside.length > 0) {
          const sum = (of: 'records' | 'bytes'): number => inside.reduce((total, n) => total + (all[n]?.[of] ?? 0), 0);
          const alone = inside.filter((n) => (all[n]?.records ?? 0) > 0).length <= 1;
          expect(alone || (sum('records') <= 10 && sum('bytes') <= 100)).toBe(true);
          const [left] = inside.splice((draw.next().value as number) % inside.length, 1);
          outstanding.leave(all[left as number] as { records: number; bytes: number });
          await settled();
        }
        expect(order).toEqual(all.map((_, n) => n));
      }),
      { numRuns: 50 },
    );
  });

  it('lets those behind in when one goes away', async () => {
    const outstanding = createOutstanding({ records: 10, bytes: 100 });
    const gone = new AbortController();
    await outstanding.enter({ records: 6, bytes: 1 }, never);
    const large = outstanding.enter({ records: 9, bytes: 1 }, gone.signal);
    const small = outstanding.enter({ records: 3, bytes: 1 }, never);
    gone.abort(new Error('no time'));
    await expect(large).rejects.toThrow('no time');
    await small;
    await expect(outstanding.enter({ records: 1, bytes: 1 }, gone.signal)).rejects.toThrow('no time');
  });
});
