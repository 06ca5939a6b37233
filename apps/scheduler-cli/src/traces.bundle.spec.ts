import type { RunReport } from '@loadin/pipeline';
import { startCollector, type Collector } from '@loadin/specs/collector';
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { startWorld, type World } from './world.fixture.js';

jest.setTimeout(60_000);

const RUN = ['run', 'artist_refresh', '--at'];

describe('loadin run, where a collector is named', () => {
  let world: World;
  let collector: Collector;
  beforeAll(async () => {
    world = await startWorld();
    collector = await startCollector();
  });
  afterAll(async () => {
    await world.close();
    await collector.close();
  });
  const tracedBy = (url: string) => ({ OTEL_EXPORTER_OTLP_ENDPOINT: url });

  it('sends all of its spans before it ends', async () => {
    const { status, stderr } = await world.loadin([...RUN, '2026-03-01T03:00:00Z'], tracedBy(collector.url));
    expect([status, stderr]).toEqual([0, expect.not.stringContaining('trace_id')]);
    const command = collector.spans.find(({ name }) => name === 'loadin.command');
    expect(command).toMatchObject({ attributes: { 'loadin.command': 'run' }, resource: { 'service.name': 'loadin' }, parentSpanId: undefined });
    expect(collector.spans.find(({ name }) => name === 'loadin.run')?.parentSpanId).toBe(command?.spanId);
    expect(new Set(collector.spans.map(({ traceId }) => traceId)).size).toBe(1);
  });

  it('says by --verbose in which trace a line was written', async () => {
    const { stderr } = await world.loadin(['--verbose', ...RUN, '2026-03-02T03:00:00Z'], tracedBy(collector.url));
    expect(stderr).toMatch(/Starting: artist_refresh .*trace_id=[0-9a-f]{32} span_id=[0-9a-f]{16}/);
  });

  it.each<['is not there' | 'never answers', string]>([
    ['is not there', '03'],
    ['never answers', '04'],
  ])('is not failed by a collector that %s, nor kept from ending', async (how, day) => {
    collector.answer = 'never';
    const began = performance.now();
    const { status, stderr } = await world.loadin(
      [...RUN, `2026-03-${day}T03:00:00Z`],
      tracedBy(how === 'is not there' ? 'http://127.0.0.1:1' : collector.url),
    );
    expect([status, performance.now() - began < 10_000]).toEqual([0, true]);
    expect(stderr.match(/WARN Traces can't be sent to http:\/\/127\.0\.0\.1:\d+\/v1\/traces: .*/g)).toHaveLength(1);
    collector.answer = 200;
  });

  it.each<[200 | 'never', string]>([
    [200, '06'],
    ['never', '07'],
  ])('stops by SIGTERM with its report and status 3 where the collector answers %s', async (answer, day) => {
    collector.answer = answer;
    collector.spans.length = 0;
    world.aws.faults.add({ service: 'kinesis', operation: 'PutRecords', nth: 1, effect: { latencyMs: 400 } });
    const { child, ended } = world.start(['run', 'daily', '--at', `2026-03-${day}T02:00:00Z`, '--json'], tracedBy(collector.url));
    while (world.aws.faults.list()[0]?.fired === 0 && child.exitCode === null) await delay(5);
    child.kill('SIGTERM');
    const { status, stdout } = await ended;
    world.aws.faults.clear();
    expect([status, (JSON.parse(stdout) as RunReport).status]).toEqual([3, 'stopped']);
    const command = collector.spans.find(({ name }) => name === 'loadin.command');
    if (answer === 200) expect(command).toMatchObject({ attributes: { 'loadin.exit_status': 3 }, failed: false });
    collector.answer = 200;
  });

  it('takes the variables from .env too', async () => {
    collector.spans.length = 0;
    appendFileSync(join(world.dir, '.env'), `OTEL_EXPORTER_OTLP_ENDPOINT=${collector.url}\nOTEL_SERVICE_NAME=by-file\n`);
    await world.loadin([...RUN, '2026-03-05T03:00:00Z']);
    expect(collector.spans[0]?.resource).toMatchObject({ 'service.name': 'by-file' });
  });
});
