import { SplitShardCommand } from '@aws-sdk/client-kinesis';
import { STREAM, useStreamWorld } from './stream-world.fixture.js';

jest.setTimeout(20_000);
const world = useStreamWorld();
const HALF = (2n ** 127n).toString();

const split = async (): Promise<void> => {
  await world.client.send(new SplitShardCommand({ StreamName: STREAM, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: HALF }));
  await world.clock.sleep(3_000);
};

interface PrintedRecord {
  readonly shard: string;
  readonly sequence_number: string;
  readonly partition_key: string;
  readonly data: unknown;
}
const recordsOf = (lines: readonly string[]): PrintedRecord[] => lines.map((line) => JSON.parse(line) as PrintedRecord);

describe('loadin-setup stream describe', () => {
  it('tells settings, cost, shards with their share of the keys, and consumers', async () => {
    await split();
    await world.run('fan-out', '--add', 'analytics', '--yes');
    const { status, lines } = await world.run('describe');
    expect(status).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        'Stream concerts',
        '  status       ACTIVE',
        '  open shards  2',
        '  costs        $43.20 a month and the records', // 2 × 10.80 and a consumer of 2 × 10.80
        '  shardId-000000000000  closed, 100.0 % of the keys',
        '  shardId-000000000001  open, 50.0 % of the keys, from shardId-000000000000',
        '  consumer     analytics (ACTIVE)',
      ]),
    );
    expect(JSON.parse((await world.run('describe', '--json')).text)).toMatchObject({
      stream: { OpenShardCount: 2 },
      shards: [{}, {}, {}],
      consumers: [{}],
    });
  });
});

describe('loadin-setup stream send-test and read', () => {
  it('puts a test record, and prints records with time, shard, sequence number and partition key', async () => {
    const sent = await world.run('send-test');
    expect(sent.lines).toEqual([expect.stringMatching(/^sent +kinesis:\/\/concerts: test record \(shardId-000000000000, sequence number \d+\)$/)]);
    const { lines, complaints } = await world.run('read');
    expect(lines).toEqual([
      expect.stringMatching(
        /^2026-03-01T02:00:\d\d\.\d+Z {2}shardId-000000000000 {2}\d{56} {2}test {2}\{"test":true,"timestamp":"2026-03-01T02:00:03\.000Z"\}$/,
      ),
    ]);
    expect(complaints).toBe('1 record');
  });

  it('reads a split shard before those that follow it, so that a key keeps its order', async () => {
    await world.put(['a', '1'], ['b', '1']);
    await split();
    await world.put(['a', '2'], ['b', '2']);
    const records = recordsOf((await world.run('read', '--json')).lines);
    expect(records.map(({ partition_key, data }) => [partition_key, data]).filter(([key]) => key === 'a')).toEqual([
      ['a', 1],
      ['a', 2],
    ]);
    expect(records.map(({ shard }) => shard).slice(0, 2)).toEqual(['shardId-000000000000', 'shardId-000000000000']);
    expect(records).toHaveLength(4);
  });

  it('reads from a time, a shard, a key or the newest, and as many as are wanted', async () => {
    await world.put(['a', '"early"']);
    await world.clock.sleep(60_000);
    await world.put(['a', '"late"'], ['b', '"late"']);
    const data = async (...args: string[]): Promise<unknown[]> =>
      recordsOf((await world.run('read', '--json', ...args)).lines).map((record) => record.data);
    expect(await data('--from', '2026-03-01T02:00:30Z')).toEqual(['late', 'late']);
    expect(await data('--limit', '1')).toEqual(['early']);
    expect(await data('--key', 'b')).toEqual(['late']);
    expect(await data('--from', 'latest')).toEqual([]);
    expect(await data('--shard', 'shardId-000000000000')).toHaveLength(3);
    expect((await world.run('read', '--shard', 'shardId-7')).complaints).toMatch(/concerts has no shard shardId-7[^]*It has: shardId-000000000000\./);
  });

  it('shows what is no text as Base64, and line ends within a record as such', async () => {
    await world.put(['bytes', Uint8Array.of(0xff, 0xfe)], ['lines', 'one\ntwo']);
    const { lines } = await world.run('read');
    expect(lines.map((line) => line.split('  ').at(-1))).toEqual(['base64://4=', 'one\\ntwo']);
  });

  it('follows: waits a second for more, goes on with the children of a shard, and ends when it is told to', async () => {
    const stop = new AbortController();
    world.interruption = () => stop.signal;
    await world.put(['a', '1']);
    const steps = [split, () => world.put(['a', '2']), async () => stop.abort()];
    world.onLine = () => undefined;
    const sleep = world.clock.sleep.bind(world.clock);
    world.clock.sleep = async (ms, signal, options) => {
      if (signal === stop.signal) await steps.shift()?.();
      await sleep(ms, signal, options);
    };
    const { status, lines, complaints } = await world.run('read', '--follow', '--json');
    expect(recordsOf(lines).map(({ data }) => data)).toEqual([1, 2]);
    expect({ status, complaints }).toEqual({ status: 0, complaints: '2 records' });
  });

  it('waits when others have used up what the shard gives in a second', async () => {
    await world.put(['a', '1']);
    world.server.faults.add({ service: 'kinesis', operation: 'GetRecords', effect: 'throttle', first: 4 });
    expect((await world.run('read')).complaints).toBe('1 record');
  });

  it.each(['yesterday', '2026-03-01', '2026-03-01T02:00:00'])('takes a time with its zone, not %s', async (time) => {
    expect(await world.run('read', '--from', time)).toMatchObject({ status: 2, complaints: expect.stringContaining('a time with its zone') });
  });
});

describe('loadin-setup stream size', () => {
  it("prints the guide's table with what this load takes, and calls nothing", async () => {
    const before = world.server.requests();
    const { status, lines } = await world.run('size', '--records-per-second', '2500', '--record-size', '400');
    expect(status).toBe(0);
    expect(lines.map((line) => line.replaceAll(/ +/g, ' ').trim())).toEqual([
      'Shards Writes Records Reads Shards alone With the records',
      '1 1 MB/s 1,000/s 2 MB/s $10.80/month $101.52/month',
      '2 2 MB/s 2,000/s 4 MB/s $21.60/month $112.32/month',
      '→ 3 3 MB/s 3,000/s 6 MB/s $32.40/month $123.12/month', // 2,500 × 86,400 × 30 = 6,480M units: $90.72
      '5 5 MB/s 5,000/s 10 MB/s $54.00/month $144.72/month',
      '',
      '2,500 records of 400 bytes a second take 3 shards; their records are used to 83 %.',
      expect.stringMatching(
        /^Provisioned is cheaper: 3 shards for \$123\.12 a month take the busiest second; on demand the same records cost \$\d+\.\d\d\.$/,
      ),
      expect.stringMatching(/^List prices of us-east-1, \d{4}-\d\d-\d\d, for 30 days/),
    ]);
    expect(world.server.requests()).toEqual(before);
  });

  it('counts the records of a day apart from the busiest second, as for the example of the guide', async () => {
    const { text } = await world.run('size', '--records-per-second', '100', '--record-size', '1KB', '--records-per-day', '1_000_000');
    expect(text).toMatch(/→ +1 .*\$10\.80\/month +\$11\.22\/month/);
  });

  it.each([
    [['--records-per-second', '10'], /required option '--record-size <size>' not specified/],
    [['--records-per-second', 'ten', '--record-size', '1KB'], /Give a number from 0/],
  ])('%j is wrong usage', async (args, message) => {
    expect(await world.run('size', ...args)).toMatchObject({ status: 2, complaints: expect.stringMatching(message) });
  });
});
