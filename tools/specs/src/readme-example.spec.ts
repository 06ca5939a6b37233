import { PutObjectCommand } from '@aws-sdk/client-s3';
import { expectedIds, startServers } from './index.js';
import { readmeDifferences } from './readme.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values) };

    // example
    const { env, s3, lake, sources, close } = await startServers({ upstreams: { baseDate: '2026-03-01' } });
    const Bucket = env['AWS_S3_BUCKET_RAW']; // pass `env` to the command that is specified
    await s3.send(new PutObjectCommand({ Bucket, Key: 'raw/a/venues/venues_1.json', Body: '{"records":[{"venue_id":"ticketmaster_1"}]}' }));
    console.log(await lake.keys('raw/'), await lake.raw('venues'), await lake.stream());

    const { venues } = expectedIds(sources, { countries: ['SE'], horizonDays: 30 }, '2026-03-01T02:00:00Z');
    console.log(venues.length > 0);
    await close();
    // end

    expect(lines).toEqual([['raw/a/venues/venues_1.json'], [{ venue_id: 'ticketmaster_1' }], [], true]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
