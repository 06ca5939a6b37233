import type { Json } from '@loadin/pipeline';
import { expectSame, expectThat, type Check } from '../check.js';
import { oddValues } from '../hostile/odd-values.js';
import { readAll, recordsIn, using, type ReadSlice } from './reading.js';
import type { MakeStream, StreamSettings, StreamUnderTest } from './stream-under-test.js';

/** Which record is which, and whose. */
export function identityChecks(makeStream: MakeStream, { scheduledTime }: StreamSettings): Check[] {
  return [
    {
      name: 'knows the key of a record, or that it has none, whatever it is given',
      run: () =>
        using(makeStream, async (under) => {
          const read = await readAll(under, scheduledTime);
          const own = read.flatMap(({ pages }) => recordsIn(pages));
          for (const raw of [...own, ...oddValues()]) expectKey(under, raw);
          const known = own.filter((raw) => raw !== null);
          expectThat(known.length === 0 || known.some((raw) => under.stream.key(raw) !== undefined), 'no record of the source has a key');
        }),
    },
    {
      name: 'says of every record whether a slice delivers it, whatever it is given',
      run: () =>
        using(makeStream, async (under) => {
          const read = await readAll(under, scheduledTime);
          const own = read.flatMap(({ pages }) => recordsIn(pages));
          for (const { slice } of read) {
            for (const raw of [...own, ...oddValues()]) {
              const answer = under.stream.belongs?.(raw, slice) ?? true;
              expectThat([true, false, 'unclaimed'].includes(answer), `belongs answers ${String(answer)} for ${shown(raw)}`);
              expectSame(`belongs, asked again for ${shown(raw)}`, under.stream.belongs?.(raw, slice) ?? true, answer);
            }
          }
        }),
    },
    {
      name: 'delivers a key in one slice only',
      run: () =>
        using(makeStream, async (under) => {
          const owners = new Map<string, string>();
          for (const { slice, pages } of await readAll(under, scheduledTime)) {
            for (const key of keysOf(under, { slice, pages }, true)) {
              const owner = owners.get(key);
              expectThat(owner === undefined, `${key} is delivered by slice ${owner} and by slice ${slice.name}`);
              owners.set(key, slice.name);
            }
          }
        }),
    },
    {
      name: 'leaves a record to another slice only when that slice delivers it',
      run: () =>
        using(makeStream, async (under) => {
          const read = await readAll(under, scheduledTime);
          const delivered = new Set(read.flatMap((one) => [...keysOf(under, one, true), ...keysOf(under, one, 'unclaimed')]));
          for (const { slice, pages } of read) {
            for (const raw of recordsIn(pages)) {
              const key = under.stream.key(raw);
              if (key === undefined || under.stream.belongs?.(raw, slice) !== false || delivered.has(key)) continue;
              const other = read.find((one) => under.stream.belongs?.(raw, one.slice) !== false);
              expectThat(other === undefined, `slice ${slice.name} leaves ${key} to slice ${other?.slice.name}, which does not read it`);
            }
          }
        }),
    },
  ];
}

function expectKey({ stream }: StreamUnderTest, raw: Json): void {
  const key = stream.key(raw);
  expectThat(key === undefined || (typeof key === 'string' && key !== ''), `key answers ${JSON.stringify(key)} for ${shown(raw)}`);
  expectSame(`key, asked again for ${shown(raw)}`, stream.key(raw), key);
}

function keysOf({ stream }: StreamUnderTest, { slice, pages }: ReadSlice, belonging: true | 'unclaimed'): Set<string> {
  const ours = recordsIn(pages).filter((raw) => (stream.belongs?.(raw, slice) ?? true) === belonging);
  return new Set(ours.flatMap((raw) => stream.key(raw) ?? []));
}

const shown = (raw: Json): string => (JSON.stringify(raw) ?? 'undefined').slice(0, 80);
