import fc from 'fast-check';
import { emf, type EmfOptions } from './emf.js';
import { emfFaults } from './emf-faults.js';

const options: EmfOptions = {
  metrics: [{ name: 'RecordsIngested', value: 48 }],
  dimensions: { DataType: 'artists', Source: 'spotify' },
  timestamp: Date.UTC(2024, 0, 15, 10, 30, 45),
};
const line = (more: Partial<EmfOptions> = {}): string => JSON.stringify(emf({ ...options, ...more }));
/** A good line with one thing of it changed. */
const changed = (
  change: (line: { _aws: { Timestamp: unknown; CloudWatchMetrics: Record<string, unknown>[] } } & Record<string, unknown>) => void,
): string => {
  const parsed = JSON.parse(line()) as Parameters<typeof change>[0];
  change(parsed);
  return JSON.stringify(parsed);
};
const first = (parsed: { _aws: { CloudWatchMetrics: Record<string, unknown>[] } }): Record<string, unknown> => parsed._aws.CloudWatchMetrics[0] ?? {};

describe('emfFaults', () => {
  it('finds none in any line that emf makes', () => {
    const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,20}$/);
    const metrics = fc.uniqueArray(fc.record({ name: name.map((text) => `m${text}`), value: fc.double({ noNaN: true, noDefaultInfinity: true }) }), {
      minLength: 1,
      maxLength: 250,
      selector: (metric) => metric.name,
    });
    const dimensions = fc.dictionary(
      name.map((text) => `d${text}`),
      fc.stringMatching(/^[!-~]{1,40}$/),
      { minKeys: 1, maxKeys: 30 },
    );
    fc.assert(fc.property(metrics, dimensions, (all, of) => expect(emfFaults(line({ metrics: all, dimensions: of }))).toEqual([])));
  });

  it.each([
    ['not json', 'the line is no JSON'],
    ['{"message":"Completed: daily"}', 'the line has no object _aws'],
    [changed((parsed) => (parsed._aws.Timestamp = '2024')), 'Timestamp is no whole number of milliseconds'],
    [changed((parsed) => (parsed._aws.CloudWatchMetrics = [])), 'CloudWatchMetrics is no list of directives'],
    [changed((parsed) => (first(parsed)['Namespace'] = '')), 'Namespace has not 1 to 1024 characters'],
    [changed((parsed) => (first(parsed)['Dimensions'] = [])), 'Dimensions is no list of sets'],
    [changed((parsed) => (first(parsed)['Metrics'] = [])), 'Metrics has not 1 to 100 entries'],
    [changed((parsed) => delete parsed['Source']), 'dimension Source has no text of 1 to 1024 printable characters'],
    [changed((parsed) => (parsed['Source'] = 'spotifÿ')), 'dimension Source has no text of 1 to 1024 printable characters'],
    [changed((parsed) => (parsed['RecordsIngested'] = '48')), 'metric RecordsIngested has no number, or more than 100'],
    [
      changed((parsed) => (first(parsed)['Metrics'] = [{ Name: 'RecordsIngested', Unit: 'Records' }])),
      'metric RecordsIngested has the unit Records, which there is not',
    ],
    [
      changed((parsed) => (first(parsed)['Metrics'] = [{ Name: 'RecordsIngested', StorageResolution: 30 }])),
      'metric RecordsIngested has another resolution than 1 or 60 s',
    ],
    [`{"a":"${'x'.repeat(1024 * 1024)}"}`, 'the line has more than 1 MB'],
  ])('says what is wrong (%#)', (text, fault) => {
    expect(emfFaults(text)).toEqual([fault]);
  });
});
