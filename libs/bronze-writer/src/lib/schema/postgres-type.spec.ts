import { typeName } from './column-type.js';
import { postgresType } from './postgres-type.js';

describe('a Postgres type', () => {
  it.each([
    ['smallint', 'int32', 'number'],
    ['int4', 'int32', 'number'],
    ['bigint', 'int64', 'number'],
    ['boolean', 'boolean', 'boolean'],
    ['real', 'float', 'number'],
    ['double precision', 'double', 'number'],
    ['numeric(10,2)', 'decimal(10,2)', 'number'],
    ['numeric(38,0)', 'decimal(38,0)', 'number'],
    ['numeric(39,2)', 'string', 'number'],
    ['numeric(3,-2)', 'decimal(5,0)', 'number'],
    ['numeric(2,5)', 'decimal(5,5)', 'number'],
    ['numeric', 'string', 'number'],
    ['date', 'date', 'string'],
    ['timestamp without time zone', 'timestamp', 'string'],
    ['timestamp(3) without time zone', 'timestamp', 'string'],
    ['timestamp(3) with time zone', 'timestamptz', 'string'],
    ['timestamptz', 'timestamptz', 'string'],
    ['bytea', 'binary', 'string'],
    ['integer[]', 'list<int32>', 'string'],
    ['integer[][]', 'list<int32>', 'string'],
    ['_timestamptz', 'list<timestamptz>', 'string'],
    ['numeric(10,2)[]', 'list<decimal(10,2)>', 'string'],
    ['numeric[]', 'list<string>', 'string'],
    ['box[]', 'string', 'string'],
    ...['text', 'character varying(20)', 'uuid', 'jsonb', 'time without time zone', 'interval', 'int4range', 'mood', 'money', 'inet'].map((name) => [
      name,
      'string',
      'string',
    ]),
  ])('%s is %s, and in the hashed JSON a %s', (name, type, json) => {
    const source = postgresType(name);
    expect([typeName(source.type), source.json]).toEqual([type, json]);
  });
});
