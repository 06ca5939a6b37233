import { appendByte, appendBytes, appendVarint, type Bytes } from './bytes.js';

/**
 * Thrift's compact protocol, as much of it as Parquet's structures need (thrift/doc/specs/thrift-compact-protocol.md). A structure is written as its fields
 * in order of their ids; `undefined` leaves an optional field out.
 */
export interface ThriftStruct {
  readonly fields: readonly ThriftField[];
}
export type ThriftField = readonly [id: number, value: ThriftValue | undefined];
export type ThriftValue =
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'i32' | 'i64'; readonly value: number }
  | { readonly kind: 'binary'; readonly value: Uint8Array }
  | { readonly kind: 'list'; readonly of: ElementKind; readonly values: readonly ThriftValue[] }
  | ({ readonly kind: 'struct' } & ThriftStruct);
type ElementKind = 'bool' | 'i32' | 'i64' | 'binary' | 'struct';

const encoder = new TextEncoder();

export const i32 = (value: number): ThriftValue => ({ kind: 'i32', value });
export const i64 = (value: number): ThriftValue => ({ kind: 'i64', value });
export const bool = (value: boolean): ThriftValue => ({ kind: 'bool', value });
export const binary = (value: Uint8Array): ThriftValue => ({ kind: 'binary', value });
export const text = (value: string): ThriftValue => binary(encoder.encode(value));
export const list = (of: ElementKind, values: readonly ThriftValue[]): ThriftValue => ({ kind: 'list', of, values });
export const struct = (...fields: ThriftField[]): ThriftValue & ThriftStruct => ({ kind: 'struct', fields });

const TYPE_IDS = { i32: 5, i64: 6, binary: 8, list: 9, struct: 12 } as const;
const TRUE = 1;
const FALSE = 2;

export function appendStruct(out: Bytes, { fields }: ThriftStruct): void {
  let last = 0;
  for (const [id, value] of fields) {
    if (value === undefined) continue;
    const type = value.kind === 'bool' ? (value.value ? TRUE : FALSE) : TYPE_IDS[value.kind];
    if (id - last <= 15) appendByte(out, ((id - last) << 4) | type);
    else {
      appendByte(out, type);
      appendZigzag(out, id);
    }
    if (value.kind !== 'bool') appendValue(out, value);
    last = id;
  }
  appendByte(out, 0);
}

function appendValue(out: Bytes, value: ThriftValue): void {
  switch (value.kind) {
    case 'bool':
      return appendByte(out, value.value ? TRUE : FALSE);
    case 'binary':
      appendVarint(out, value.value.length);
      return appendBytes(out, value.value);
    case 'list':
      return appendList(out, value.of, value.values);
    case 'struct':
      return appendStruct(out, value);
    default:
      return appendZigzag(out, value.value);
  }
}

function appendList(out: Bytes, of: ElementKind, values: readonly ThriftValue[]): void {
  const type = of === 'bool' ? TRUE : TYPE_IDS[of];
  if (values.length < 15) appendByte(out, (values.length << 4) | type);
  else {
    appendByte(out, 0xf0 | type);
    appendVarint(out, values.length);
  }
  for (const value of values) appendValue(out, value);
}

function appendZigzag(out: Bytes, value: number): void {
  appendVarint(out, value < 0 ? -value * 2 - 1 : value * 2);
}
