import fc from 'fast-check';
import { MAX_PRECISION, parseTypeName, typeName, type ColumnType, type ScalarType } from './column-type.js';
import { widen } from './widen.js';

const kinds = ['boolean', 'int32', 'integer', 'int64', 'float', 'double', 'date', 'timestamp', 'timestamptz', 'string', 'binary'] as const;
const scalar: fc.Arbitrary<ScalarType> = fc.oneof(
  fc.constantFrom(...kinds).map((kind): ScalarType => ({ kind })),
  fc
    .integer({ min: 1, max: MAX_PRECISION })
    .chain((precision) => fc.integer({ min: 0, max: precision }).map((scale): ScalarType => ({ kind: 'decimal', precision, scale }))),
);
const type: fc.Arbitrary<ColumnType> = fc.oneof(
  { weight: 3, arbitrary: scalar },
  scalar.map((element): ColumnType => ({ kind: 'list', element })),
);

/** Whether a number, given as its text, is a value of the type: the definition that `widen` must keep, in other words than its own. */
function holds(of: ColumnType, text: string): boolean {
  const whole = /^-?\d+$/.test(text);
  const limit = (bound: bigint): boolean => whole && BigInt(text) < bound && BigInt(text) >= -bound;
  switch (of.kind) {
    case 'int32':
      return limit(2n ** 31n);
    case 'integer':
      return limit(2n ** 53n);
    case 'int64':
      return limit(2n ** 63n);
    case 'double':
    case 'float': {
      const number = of.kind === 'float' ? Math.fround(Number(text)) : Number(text);
      return whole ? BigInt(number) === BigInt(text) : String(number) === text;
    }
    case 'decimal': {
      const [before = '', after = ''] = text.replace('-', '').split('.');
      return before.replace(/^0+/, '').length <= of.precision - of.scale && after.length <= of.scale;
    }
    default:
      return of.kind === 'string';
  }
}

describe('widen', () => {
  const names = (a: string, b: string): string => typeName(widen(parseTypeName(a) as ColumnType, parseTypeName(b) as ColumnType));

  it.each([
    ['int32', 'int64', 'int64'],
    ['integer', 'double', 'double'],
    ['int64', 'double', 'string'],
    ['float', 'int32', 'double'],
    ['decimal(10,2)', 'decimal(8,4)', 'decimal(12,4)'],
    ['int64', 'decimal(5,2)', 'decimal(21,2)'],
    ['decimal(38,0)', 'decimal(38,38)', 'string'],
    ['decimal(3,1)', 'double', 'string'],
    ['date', 'timestamp', 'string'],
    ['timestamp', 'timestamptz', 'string'],
    ['boolean', 'int32', 'string'],
    ['list<int32>', 'list<int64>', 'list<int64>'],
    ['list<int32>', 'int32', 'string'],
  ])('%s and %s is %s', (a, b, wider) => {
    expect(names(a, b)).toBe(wider);
  });

  it('is commutative, associative and idempotent, so that the order of what comes does not matter', () => {
    fc.assert(
      fc.property(type, type, type, (a, b, c) => {
        expect(widen(a, b)).toEqual(widen(b, a));
        expect(widen(widen(a, b), c)).toEqual(widen(a, widen(b, c)));
        expect(widen(a, a)).toEqual(a);
        expect(widen(widen(a, b), a)).toEqual(widen(a, b));
      }),
    );
  });

  it('loses no number of either type', () => {
    const numbers = fc.oneof(
      fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String),
      fc.constantFrom(2n ** 31n - 1n, 2n ** 53n - 1n, 2n ** 53n + 1n, 2n ** 63n - 1n, -(2n ** 31n), 16777217n).map(String),
      fc
        .tuple(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.integer({ min: 1, max: 999 }))
        .map(([whole, after]) => `${whole}.${String(after).padStart(3, '0')}`),
      fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e15, max: 1e15 }).map(String),
    );
    fc.assert(
      fc.property(scalar, scalar, numbers, (a, b, text) => {
        if (holds(a, text)) expect(holds(widen(a, b), text)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

it('type names are read as they are written, and no others', () => {
  fc.assert(fc.property(type, (each) => expect(parseTypeName(typeName(each))).toEqual(each)));
  for (const name of ['decimal(39,0)', 'decimal(2,3)', 'list<list<int32>>', 'varchar', '']) expect(parseTypeName(name)).toBeUndefined();
});
