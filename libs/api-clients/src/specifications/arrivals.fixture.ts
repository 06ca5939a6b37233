import { normalizerFor, type DataType } from '@loadin/transforms';
import { changedAt } from './samples.fixture.js';
import type { Shape } from './shape.fixture.js';
import type { SourceField } from './source-fields.fixture.js';

type Fields = Readonly<Record<string, unknown>>;

/** The record that a body becomes. Throws when it is rejected. */
export function recordOf(dataType: DataType, body: unknown): Fields {
  const parsed = normalizerFor(dataType)(body);
  if (!parsed.ok) throw new Error(`${dataType}: ${JSON.stringify(parsed.reasons)}`);
  return parsed.record;
}

/** What becomes of a source field: the fields of the record that are others when it is another, and that record before. */
export interface Arrival {
  readonly before: Fields;
  readonly changed: readonly string[];
}

/** Undefined when the body doesn't have the field, or when it can't be another. */
export function arrivalOf(shape: Shape, dataType: DataType, body: unknown, leaf: string, { without }: SourceField): Arrival | undefined {
  const given = without === undefined ? body : withoutField(body, without.split('.'));
  const other = changedAt(shape, given, leaf);
  if (other === undefined) return undefined;
  const [before, after] = [recordOf(dataType, given), recordOf(dataType, other)];
  return { before, changed: Object.keys(after).filter((field) => JSON.stringify(after[field]) !== JSON.stringify(before[field])) };
}

function withoutField(body: unknown, [step = '', ...rest]: readonly string[]): unknown {
  if (typeof body !== 'object' || body === null) return body;
  const { [step]: own, ...others } = body as Fields;
  return rest.length === 0 || own === undefined ? others : { ...others, [step]: withoutField(own, rest) };
}
