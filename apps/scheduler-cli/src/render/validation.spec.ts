import { tryRecord, validateTransforms, type Sample } from '@loadin/transforms/samples';
import { fileTrialsJson, renderFileTrials, renderValidation, validationJson } from './validation.js';

const raw = { id: 'KovZ1', name: 'Quayside Hall', type: 'venue', location: { latitude: '43.5' } };
const odd: Sample = { dataType: 'venues', kind: 'odd', name: 'half a place', raw, expected: { latitude: 43.5, longitude: null } };
const wrong: Sample = { dataType: 'venues', kind: 'wrong', name: 'a city in a text', raw: { ...raw, city: 'Harborview' }, rejected: ['city'] };

describe('renderValidation', () => {
  it('shows what an odd sample is about, and where a wrong one is rejected', () => {
    expect(renderValidation(validateTransforms({ samples: [odd, wrong] })).split('\n')).toEqual([
      'venues: 2 samples',
      '',
      'OK     odd    half a place',
      '       FIELD      BEFORE                    AFTER',
      '       latitude   location.latitude "43.5"  43.5',
      '       longitude  -                         null',
      '',
      'OK     wrong  a city in a text',
      '       REJECTED AT  VALUE         REASON',
      '       city         "Harborview"  must be an object, is a string',
      '',
      'All 2 samples do what they should.',
      '',
    ]);
  });

  it('shows every field of it when more is asked for', () => {
    const text = renderValidation(validateTransforms({ samples: [odd] }), true);
    expect(text).toMatch(/^ {7}name +name "Quayside Hall" +"Quayside Hall"$/m);
  });

  it('says what a sample should have become', () => {
    const text = renderValidation(validateTransforms({ samples: [{ ...odd, expected: { latitude: 1 } }, { ...wrong, rejected: ['name'] }, odd] }));
    expect(text).toMatch(/^WRONG {2}odd {4}half a place\n {7}→ latitude must be 1, is 43\.5\n/m);
    expect(text).toMatch(/^WRONG {2}wrong {2}a city in a text\n {7}→ must be rejected at name, is rejected at city\n/m);
    expect(text).toMatch(/\n2 of 3 samples do not do what they should: see WRONG above\.\n$/);
  });

  it('lets no control character of a source reach the terminal', () => {
    const text = renderValidation(validateTransforms({ samples: [{ ...odd, raw: { ...raw, name: '\u001b[31m\u009b\n' }, expected: { name: '' } }] }));
    // eslint-disable-next-line no-control-regex -- these are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
  });
});

describe('renderFileTrials', () => {
  const trials = Array.from({ length: 5 }, (_, index) => ({
    where: `${index + 1}`,
    dataType: 'venues' as const,
    raw,
    trial: tryRecord('venues', index === 4 ? 3 : raw),
  }));

  it('shows the first accepted records and all that are rejected', () => {
    const text = renderFileTrials(trials);
    expect(text.match(/^(OK|REJECTED).*$/gm)).toEqual([
      ...['1', '2', '3'].map((where) => `OK        ${where}  venues  ticketmaster_KovZ1`),
      'REJECTED  5  venues',
    ]);
    expect(text).toMatch(/\(the record\) +3 +must be an object, is a number/);
    expect(text).toMatch(/\n5 records: 4 accepted \(fields of the first 3; --verbose prints all\), 1 rejected\.\n$/);
    expect(renderFileTrials(trials, true).match(/^OK/gm)).toHaveLength(4);
    expect(text).not.toContain('TIMES');
  });

  it('sums up rejections beyond a screen by their reasons, the most frequent first', () => {
    const many = Array.from({ length: 12 }, (_, index) => {
      const record = index < 2 ? { ...raw, city: index } : { ...raw, id: index };
      return { where: `${index + 1}`, dataType: 'venues' as const, raw: record, trial: tryRecord('venues', record) };
    });
    const lines = renderFileTrials(many).split('\n').slice(-6);
    expect(lines).toEqual([
      'TYPE    REJECTED AT  REASON                                                          TIMES',
      'venues  id           must be a text of 1 to 200 printable characters without spaces     10',
      'venues  city         must be an object                                                   2',
      '',
      '12 records: 0 accepted, 12 rejected.',
      '',
    ]);
  });
});

it('the JSON has the record before and after, and every rejection with its path', () => {
  const { ok, samples } = validationJson(validateTransforms({ samples: [odd, wrong] })) as { ok: boolean; samples: object[] };
  expect(ok).toBe(true);
  expect(samples).toMatchObject([
    { data_type: 'venues', kind: 'odd', ok: true, before: raw, after: { venue_id: 'ticketmaster_KovZ1', latitude: 43.5 }, rejections: [] },
    { ok: true, after: null, rejections: [{ path: 'city', message: 'must be an object, is a string' }] },
  ]);
  expect(fileTrialsJson([{ where: '1', dataType: undefined, raw: 3, trial: tryRecord('venues', 3) }])).toEqual({
    ok: false,
    records: [
      { where: '1', data_type: null, ok: false, before: 3, after: null, rejections: [{ path: '', message: 'must be an object, is a number' }] },
    ],
  });
});
