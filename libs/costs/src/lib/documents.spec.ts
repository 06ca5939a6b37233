import { documentFigures } from './documents.js';
import { US_EAST_1 } from './prices/us-east-1.js';

const figures = new Map(documentFigures(US_EAST_1).map((one) => [one.figure, one]));

describe("the guides' figures", () => {
  it('that are right are reproduced', () => {
    const right = [...figures.values()].filter((one) => one.right).map(({ figure, says, is }) => [figure, says, is]);
    expect(right).toEqual([
      ['1 shard for a month', '~$11', '$10.80'],
      ['2 shards for a month', '~$22', '$21.60'],
      ['5 shards for a month', '~$55', '$54.00'],
      ['extended retention', '$0.020 per shard-hour (beyond 24 hours)', expect.stringContaining('up to 7 days')],
      ['100 GB in S3', '~$2.30', '$2.30'],
      ['Lambda, 1000 invocations', 'Free tier', '$0.00 (list price $0.50 at 60 s and 512 MB)'],
      ['S3, one shard and Lambda together', '~$13-15', '$13.10'],
    ]);
  });

  it('that are wrong are named with what is right: a million records of 1 KB a day are 30M units, $0.42', () => {
    const wrong = [...figures.values()].filter((one) => !one.right).map(({ figure, says, is }) => [figure, says, is]);
    expect(wrong).toEqual([
      ['1M records of 1 KB a day: PUT cost of a month', '40 PUT units per 1M records, ~$0.56', '30M PUT units, $0.42'],
      ['1 shard with 1M records of 1 KB a day', '~$12', '$11.22'],
      ['PUT requests', '$0.014/million PUT requests', '$0.014/million payload units'],
      ['Lambda, 1M requests', 'Free tier', '$1.67 (list price $8.53 at 1 s and 512 MB)'],
      ['Lambda beyond the free tier', '$0.20/million requests', '$0.20/million requests and $0.0000166667 per GB second'],
    ]);
    for (const [figure] of wrong) expect(figures.get(figure as string)?.note).toBeDefined();
  });
});
