import { boundKind } from '../expect/fields.js';
import { compareDecimals, parseDecimal, readDecimal, readNumber, type Decimal, type NumberReading } from '../fields/number-text.js';
import type { FieldView } from '../fields/row.js';
import { ascii, utf8 } from '../fields/text.js';
import { clockSeconds, readTime, type TimeReading } from '../fields/time-text.js';
import { createMatcher } from '../expect/pattern.js';
import type { AllowedValuesExpectation, RangeExpectation, RegexExpectation } from '../expect/types.js';

/** Whether a value that is not null is as expected. */
export type ValueTest = (view: FieldView) => boolean;

export function regexTest({ pattern }: RegexExpectation): ValueTest {
  const matches = createMatcher(pattern);
  return ({ bytes, start, end }) => matches(utf8(bytes, start, end));
}

export function rangeTest({ min, max }: RangeExpectation): ValueTest {
  switch (boundKind(min ?? max)) {
    case 'number':
      return numberRange(min, max);
    case 'time':
      return timeRange(min, max);
    default:
      return clockRange(min, max);
  }
}

interface NumberBound {
  readonly reading: NumberReading;
  readonly decimal: Decimal;
}

function numberBound(bound: number | string | undefined): NumberBound | undefined {
  const decimal = bound === undefined ? undefined : parseDecimal(String(bound));
  if (decimal === undefined) return undefined;
  const bytes = Buffer.from(String(bound));
  const reading = { value: 0, short: true };
  readNumber(reading, bytes, 0, bytes.length);
  return { reading, decimal };
}

function numberRange(min: number | string | undefined, max: number | string | undefined): ValueTest {
  const [low, high] = [numberBound(min), numberBound(max)];
  const reading: NumberReading = { value: 0, short: true };
  const areShort = (low?.reading.short ?? true) && (high?.reading.short ?? true);
  const [least, most] = [low?.reading.value ?? -Infinity, high?.reading.value ?? Infinity];
  return ({ bytes, start, end }) => {
    readNumber(reading, bytes, start, end);
    if (reading.short && areShort) return reading.value >= least && reading.value <= most;
    const decimal = readDecimal(bytes, start, end);
    if (decimal === undefined) return false;
    return (low === undefined || compareDecimals(decimal, low.decimal) >= 0) && (high === undefined || compareDecimals(decimal, high.decimal) <= 0);
  };
}

function timeRange(min: number | string | undefined, max: number | string | undefined): ValueTest {
  const [low, high] = [timeBound(min, -Infinity), timeBound(max, Infinity)];
  const reading: TimeReading = { seconds: 0, micros: 0 };
  return ({ bytes, start, end }) => {
    readTime(reading, bytes, start, end);
    const { seconds, micros } = reading;
    return (
      (seconds > low.seconds || (seconds === low.seconds && micros >= low.micros)) &&
      (seconds < high.seconds || (seconds === high.seconds && micros <= high.micros))
    );
  };
}

function timeBound(bound: number | string | undefined, without: number): TimeReading {
  const reading = { seconds: without, micros: 0 };
  if (bound === undefined) return reading;
  const bytes = Buffer.from(String(bound));
  readTime(reading, bytes, 0, bytes.length);
  return reading;
}

function clockRange(min: number | string | undefined, max: number | string | undefined): ValueTest {
  const low = min === undefined ? -Infinity : clock(Buffer.from(String(min)));
  const high = max === undefined ? Infinity : clock(Buffer.from(String(max)));
  return ({ bytes, start, end }) => {
    const value = clock(bytes.subarray(start, end));
    return value >= low && value <= high;
  };
}

/** Microseconds since midnight; NaN for what is no time of day. */
function clock(bytes: Uint8Array): number {
  const [, fraction = ''] = (bytes.length < 32 ? /^\d\d:\d\d(?::\d\d(?:\.(\d+))?)?$/.exec(ascii(bytes, 0, bytes.length)) : undefined) ?? [
    undefined,
    'none',
  ];
  const seconds = fraction === 'none' ? -1 : clockSeconds(bytes, 0, bytes.length);
  return seconds < 0 ? NaN : seconds * 1_000_000 + Number(fraction.slice(0, 6).padEnd(6, '0'));
}

export function allowedValuesTest({ values }: AllowedValuesExpectation): ValueTest {
  const texts = new Set<string>();
  const numbers = new Set<string>();
  for (const value of values) {
    if (typeof value === 'string') texts.add(value);
    // Postgres prints t and f, JSON true and false.
    else if (typeof value === 'boolean') texts.add(String(value)).add(String(value).slice(0, 1));
    else numbers.add(normalized(String(value)) ?? '');
  }
  return ({ bytes, start, end }) => {
    const text = utf8(bytes, start, end);
    if (texts.has(text)) return true;
    const number = numbers.size > 0 && text.length < 1_000 ? normalized(text) : undefined;
    return number !== undefined && numbers.has(number);
  };
}

function normalized(text: string): string | undefined {
  const decimal = parseDecimal(text);
  return decimal && `${decimal.sign}|${decimal.place}|${decimal.digits}`;
}
