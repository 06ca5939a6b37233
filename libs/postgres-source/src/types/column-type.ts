/**
 * What kind of value a column holds, domains resolved to what they are made of. `other`: a type that Postgres has no own treatment for here (geometry,
 * full text, extensions): its text is exact all the same.
 */
export type TypeTag =
  | 'bool'
  | 'int2'
  | 'int4'
  | 'int8'
  | 'oid'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'money'
  | 'text'
  | 'bytea'
  | 'date'
  | 'time'
  | 'timetz'
  | 'timestamp'
  | 'timestamptz'
  | 'interval'
  | 'uuid'
  | 'json'
  | 'jsonb'
  | 'bit'
  | 'network'
  | 'enum'
  | 'range'
  | 'composite'
  | 'array'
  | 'other';

/** The type of a column or of an array's elements. */
export interface ColumnType {
  readonly tag: TypeTag;
  /** As Postgres writes it, with schema unless it is a built-in one, of a domain the type below it: `numeric(12,2)`, `shop.order_state`, `timestamp with time zone`. */
  readonly sql: string;
  /** Of a base type that an extension or somebody else has made: where its operators lie, as no other schema is searched. */
  readonly schema?: string;
  /** The domain that the column is declared with: `shop.email`. */
  readonly domain?: string;
  /** `numeric` that was declared with them; without, any number of digits is possible. A negative scale rounds before the point. */
  readonly precision?: number;
  readonly scale?: number;
  /** `array`: of what. How many dimensions a value has is the value's affair. */
  readonly element?: ColumnType;
  /** `array`: what separates its elements; `;` for boxes, else `,`. */
  readonly delimiter?: string;
  /** `enum`: its labels in their order. */
  readonly labels?: readonly string[];
}

/** A row of pg_type, as far as it is needed. */
export interface TypeRow {
  readonly oid: string;
  readonly name: string;
  /** In which schema; built-in types lie in `pg_catalog`. */
  readonly schema: string;
  /** `format_type(oid, -1)`: without a modifier, and without the one that NULL there would add (`character` is `character(1)`). */
  readonly sql: string;
  /** pg_type.typtype: b base, c composite, d domain, e enum, p pseudo, r range, m multirange. */
  readonly kind: string;
  /** pg_type.typcategory; A is an array. */
  readonly category: string;
  readonly elementOid: string;
  readonly baseOid: string;
  /** A domain's modifier of its base type; -1 when there is none. */
  readonly baseModifier: number;
  readonly delimiter: string;
  readonly labels: readonly string[];
}

const BUILT_IN: Readonly<Record<string, TypeTag>> = {
  ...{ bool: 'bool', int2: 'int2', int4: 'int4', int8: 'int8', oid: 'oid', float4: 'float4', float8: 'float8', numeric: 'numeric', money: 'money' },
  ...{
    text: 'text',
    varchar: 'text',
    bpchar: 'text',
    char: 'text',
    name: 'text',
    xml: 'text',
    bytea: 'bytea',
    uuid: 'uuid',
    json: 'json',
    jsonb: 'jsonb',
  },
  ...{ date: 'date', time: 'time', timetz: 'timetz', timestamp: 'timestamp', timestamptz: 'timestamptz', interval: 'interval' },
  ...{ bit: 'bit', varbit: 'bit', inet: 'network', cidr: 'network', macaddr: 'network', macaddr8: 'network' },
};

/** The type with this oid and modifier (`atttypmod`; -1: none). `types` has it and all that it is made of. */
export function columnType(oid: string, modifier: number, types: ReadonlyMap<string, TypeRow>): ColumnType {
  const row = types.get(oid);
  if (row === undefined) return { tag: 'other', sql: `oid ${oid}` };
  if (row.kind === 'd') {
    // Of a domain over a domain the outer name stays.
    return { ...columnType(row.baseOid, row.baseModifier, types), domain: row.sql };
  }
  if (row.kind === 'e') return { tag: 'enum', sql: row.sql, labels: row.labels };
  if (row.kind === 'r' || row.kind === 'm') return { tag: 'range', sql: row.sql };
  if (row.kind === 'c') return { tag: 'composite', sql: row.sql };
  // int2vector and oidvector are arrays by category, but are not printed like ones.
  if (row.category === 'A' && row.elementOid !== '0' && !/vector$/.test(row.name)) {
    const element = columnType(row.elementOid, modifier, types);
    return { tag: 'array', sql: `${element.sql}[]`, element, delimiter: row.delimiter };
  }
  const tag = row.schema === 'pg_catalog' ? BUILT_IN[row.name] : undefined;
  const own = row.schema === 'pg_catalog' ? {} : { schema: row.schema };
  return { tag: tag ?? 'other', ...(tag === 'numeric' ? numeric(modifier) : { sql: row.sql }), ...own };
}

/** A numeric's modifier is (precision << 16 | scale, of 11 bits with sign) + 4. */
function numeric(modifier: number): Pick<ColumnType, 'sql' | 'precision' | 'scale'> {
  if (modifier < 4) return { sql: 'numeric' };
  const packed = modifier - 4;
  const [precision, scale] = [(packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024];
  return { sql: `numeric(${precision},${scale})`, precision, scale };
}
