import { CLASSES } from '../record-classes.js';
import { jsonSchemaOf } from '../schema/json-schema.js';
import { transformFor } from '../transform-for.js';
import { DATA_TYPES } from '../types.js';
import { DROPPED_FIELDS } from './dropped-fields.js';
import { isCovered, watched } from './paths.fixture.js';
import { SOURCE_FIELDS } from './source-fields.js';
import { SAMPLES } from './validate-transforms.js';

describe.each(DATA_TYPES)('the source fields of %s', (dataType) => {
  const declared = [...new Set(Object.values<readonly string[]>(SOURCE_FIELDS[dataType]).flat())];
  const read = new Set<string>();
  for (const { raw } of SAMPLES.filter((sample) => sample.dataType === dataType)) {
    const { value } = watched(raw, '', read);
    transformFor(dataType).parse(value);
  }

  it('are named for every field of the record, in its order', () => {
    expect(Object.keys(SOURCE_FIELDS[dataType])).toEqual(Object.keys(jsonSchemaOf(CLASSES[dataType]).properties ?? {}));
  });

  it('are all that the transform reads', () => {
    // Where the source has nothing, the transform stops on the way: `dates` is read for `dates.start.localDate`.
    const onTheWay = (path: string): boolean => declared.some((field) => isCovered(field, path, true));
    const undeclared = [...read].filter((path) => path !== 'type' && !declared.some((field) => isCovered(path, field)) && !onTheWay(path));
    expect(undeclared).toEqual([]);
  });

  it('are all read', () => {
    expect(declared.filter((field) => ![...read].some((path) => isCovered(path, field)))).toEqual([]);
  });

  it('are not among those that are dropped', () => {
    const dropped = DROPPED_FIELDS[dataType].flatMap(({ paths }) => paths);
    expect(declared.filter((field) => dropped.includes(field))).toEqual([]);
    expect(new Set(dropped).size).toBe(dropped.length);
  });
});
