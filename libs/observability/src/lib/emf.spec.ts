import { emf } from './emf.js';

const timestamp = Date.UTC(2024, 0, 15, 10, 30, 45);

describe('emf', () => {
  it('is a line that CloudWatch turns into metrics', () => {
    const line = emf({
      metrics: [
        { name: 'RecordsProcessed', value: 48 },
        { name: 'Duration', value: 1_200, unit: 'Milliseconds' },
      ],
      dimensions: { DataType: 'artists' },
      timestamp,
      properties: { run_id: 'r1' },
    });
    expect(JSON.parse(JSON.stringify(line))).toEqual({
      _aws: {
        Timestamp: 1_705_314_645_000,
        CloudWatchMetrics: [
          {
            Namespace: 'ConcertDataPipeline',
            Dimensions: [['DataType']],
            Metrics: [
              { Name: 'RecordsProcessed', Unit: 'Count' },
              { Name: 'Duration', Unit: 'Milliseconds' },
            ],
          },
        ],
      },
      DataType: 'artists',
      RecordsProcessed: 48,
      Duration: 1_200,
      run_id: 'r1',
    });
  });

  it('spreads more than 100 metrics over several directives', () => {
    const metrics = Array.from({ length: 250 }, (_, n) => ({ name: `m${n}`, value: n }));
    expect(emf({ metrics, timestamp })._aws.CloudWatchMetrics.map(({ Metrics }) => Metrics.length)).toEqual([100, 100, 50]);
  });

  it.each([
    [{ metrics: [{ name: 'a', value: NaN }] }, 'Metric "a" is NaN'],
    [{ metrics: [{ name: 'a', value: 1 }], dimensions: { a: 'x' } }, '"a" stands for two things'],
    [
      {
        metrics: [
          { name: 'a', value: 1 },
          { name: 'a', value: 2 },
        ],
      },
      '"a" stands for two things',
    ],
    [{ metrics: [], dimensions: Object.fromEntries(Array.from({ length: 31 }, (_, n) => [`d${n}`, 'x'])) }, '31 dimensions'],
  ])('refuses what CloudWatch would drop without a word (%#)', (options, message) => {
    expect(() => emf({ ...options, timestamp })).toThrow(message);
  });
});
