import { readTime } from '../fields/time-text.js';
import { compareDecimals, parseDecimal } from '../fields/number-text.js';
import { bound, boundKind, listed, name, names, numberAbove, oneOf, pattern, percent, values, type FieldRule } from './fields.js';
import type { Expectation, Fault } from './types.js';

interface Rules {
  readonly needed: Readonly<Record<string, FieldRule>>;
  /** At least one of these has to be there. */
  readonly some?: Readonly<Record<string, FieldRule>>;
  readonly optional?: Readonly<Record<string, FieldRule>>;
  readonly severity?: FieldRule;
}

const ofRows = oneOf('warn', 'quarantine', 'stop');
const ofLoads: FieldRule = (value) =>
  value === 'quarantine' ? 'is "quarantine", but no single row breaks this; use warn or stop' : oneOf('warn', 'stop')(value);

const CHECKS: Readonly<Record<Expectation['check'], Rules>> = {
  not_null: { needed: { columns: names } },
  unique: { needed: { columns: names } },
  range: { needed: { column: name }, some: { min: bound, max: bound } },
  regex: { needed: { column: name, pattern } },
  allowed_values: { needed: { column: name, values } },
  freshness: { needed: { column: name, max_age_minutes: numberAbove(0, 5_256_000) }, severity: ofLoads },
  row_count_change: {
    needed: {},
    some: { max_drop_percent: percent(100), max_rise_percent: percent(1_000_000) },
    optional: { load_type: oneOf('full', 'incremental') },
    severity: ofLoads,
  },
  reference: { needed: { column: name, entity: name }, optional: { entity_column: name } },
};

/** Most of one entity: each is looked at for every row. */
const MOST = 200;

/**
 * Reads the `expect:` list of an entity. Either `faults` is empty or `expectations` is; a list that is not there has neither. `column: x` may stand for `columns: [x]`;
 * a severity that is not given is `warn`. Nothing is thrown.
 */
export function readExpectations(value: unknown): { readonly expectations: readonly Expectation[]; readonly faults: readonly Fault[] } {
  if (value === undefined || value === null) return { expectations: [], faults: [] };
  if (!Array.isArray(value))
    return { expectations: [], faults: [{ path: [], message: 'is not a list; write - { check: not_null, columns: [id] }' }] };
  if (value.length > MOST) return { expectations: [], faults: [{ path: [], message: `has ${value.length} expectations; at most ${MOST}` }] };
  const read = value.map((item: unknown, n) => readOne(item, n));
  const faults = read.flatMap((one) => one.faults);
  return { expectations: faults.length > 0 ? [] : read.flatMap(({ expectation }) => expectation ?? []), faults };
}

function readOne(item: unknown, n: number): { readonly expectation?: Expectation; readonly faults: readonly Fault[] } {
  if (typeof item !== 'object' || item === null || Array.isArray(item))
    return { faults: [{ path: [n], message: 'is not an expectation; write { check: not_null, columns: [id] }' }] };
  const fields = withShortForms(item as Record<string, unknown>);
  const { check } = fields;
  const wrongCheck = oneOf(...Object.keys(CHECKS))(check);
  if (wrongCheck !== undefined)
    return { faults: [{ path: [n, 'check'], message: check === undefined ? `is missing; use ${listed(Object.keys(CHECKS))}` : wrongCheck }] };
  const faults = faultsOf(fields, CHECKS[check as Expectation['check']], check as string).map(({ path, message }) => ({
    path: [n, ...path],
    message,
  }));
  // Every field has been looked at.
  return faults.length > 0 ? { faults } : { expectation: { severity: 'warn', ...fields } as unknown as Expectation, faults };
}

function withShortForms(item: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { column, ...others } = item;
  return (item['check'] === 'not_null' || item['check'] === 'unique') && typeof column === 'string' && item['columns'] === undefined
    ? { ...others, columns: [column] }
    : { ...item };
}

function faultsOf(fields: Readonly<Record<string, unknown>>, { needed, some = {}, optional = {}, severity = ofRows }: Rules, check: string): Fault[] {
  const rules: Readonly<Record<string, FieldRule>> = { ...needed, ...some, ...optional, severity };
  const known = ['check', ...Object.keys(rules)];
  const faults: Fault[] = [];
  for (const field of Object.keys(needed)) if (fields[field] === undefined) faults.push({ path: [field], message: `is missing; ${check} needs it` });
  for (const [field, value] of Object.entries(fields)) {
    if (field === 'check' || value === undefined) continue;
    const message = Object.hasOwn(rules, field) ? rules[field]?.(value) : `is no field of ${check}; it has ${listed(known)}`;
    if (message !== undefined) faults.push({ path: [field], message });
  }
  const oneOfThese = Object.keys(some);
  if (oneOfThese.length > 0 && oneOfThese.every((field) => fields[field] === undefined))
    faults.push({ path: [], message: `says nothing; ${check} needs ${listed(oneOfThese)}` });
  if (check === 'range' && faults.length === 0) faults.push(...faultsOfBounds(fields));
  return faults;
}

function faultsOfBounds({ min, max }: Readonly<Record<string, unknown>>): Fault[] {
  if (min === undefined || max === undefined) return [];
  const kind = boundKind(min);
  if (kind !== boundKind(max)) return [{ path: ['max'], message: 'is of another kind than min; give two numbers, two times or two times of day' }];
  const isTurned =
    kind === 'number'
      ? compareNumbers(String(min), String(max)) > 0
      : kind === 'time'
        ? instant(String(min)) > instant(String(max))
        : String(min) > String(max);
  return isTurned ? [{ path: ['max'], message: 'is below min' }] : [];
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [parseDecimal(a), parseDecimal(b)];
  return left === undefined || right === undefined ? 0 : compareDecimals(left, right);
}

function instant(text: string): number {
  const bytes = Buffer.from(text);
  const reading = { seconds: 0, micros: 0 };
  readTime(reading, bytes, 0, bytes.length);
  return reading.seconds + reading.micros / 1e6;
}

/** A fault as one line: `expect[2].max is below min`. */
export function faultText({ path, message }: Fault, list = 'expect'): string {
  const place = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${part}`)).join('');
  return `${list}${place} ${message}`;
}
