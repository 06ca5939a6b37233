import { RetryableError } from '@loadin/resilience';
import { createMemorySink } from '@loadin/testing';
import { planRun, runPlannedSlice, type Plan, type Sink } from '../index.js';
import { artists, createListStream, toArtist } from '../runs/list-stream.fixture.js';
import { AT, createWorld } from '../runs/run.fixture.js';
import { planKey } from './plan.js';

/** A run of two slices, the second of which fails in the first attempt. */
function createHalf() {
  const world = createWorld();
  let failures = 1;
  const onPage = (slice: number): void => {
    if (slice === 1 && failures-- > 0) throw new RetryableError('502');
  };
  const stream = createListStream({ slices: [[artists(0, 3)], [artists(3, 2)]], onPage });
  const raw = (layout?: string): Sink => createMemorySink({ name: 's3_raw', ...(layout !== undefined && { layout }) });
  const kinesis = createMemorySink({ name: 'kinesis' });
  const jobStream = (sinks: readonly Sink[]) => ({ stream, transform: toArtist, sinks, schemaVersion: '1' });
  const run = (...sinks: Sink[]) => world.run([jobStream(sinks)]);
  const phase = (...sinks: Sink[]) => ({ ...world, job: { name: 'daily', streams: [jobStream(sinks)] } });
  const plan = async (runId: string): Promise<Plan> =>
    JSON.parse(Buffer.from((await world.lake.get(planKey('daily', runId))) ?? []).toString()) as Plan;
  return { world, stream, raw, kinesis, run, phase, plan };
}

const refusal = {
  action: 'fatal',
  message: 's3_raw would write json.gz, and this run has begun with json: its output would lie there twice',
  hint: expect.stringMatching(/^Nothing was read\. Put the options of s3_raw back .+ finish the run, or make a new one/),
};

describe('the layout of what a sink writes', () => {
  it('is that of the plan: an attempt with another one is refused before anything is read', async () => {
    const { raw, kinesis, run, plan, stream } = createHalf();
    const first = await run(raw('json'), kinesis);
    expect(first.status).toBe('failed');
    expect((await plan(first.run_id)).streams[0]?.layouts).toEqual({ s3_raw: 'json' });
    const asked = [...stream.asked];
    await expect(run(raw('json.gz'), kinesis)).rejects.toMatchObject(refusal);
    expect(stream.asked).toEqual(asked);
    expect(await run(raw('json'), kinesis)).toMatchObject({ status: 'complete', attempts: 2 });
    // A run that is complete writes nothing, whatever its sinks would do now.
    expect(await run(raw('json.gz'), kinesis)).toMatchObject({ already_complete: true });
  });

  it('is looked at also where a slice is worked on elsewhere', async () => {
    const { raw, phase, stream } = createHalf();
    const { run_id: runId } = await planRun({ ...phase(raw('json')), at: AT });
    await expect(runPlannedSlice({ ...phase(raw('json.gz')), runId, stream: stream.id, slice: 0 })).rejects.toMatchObject(refusal);
    expect(stream.asked).toEqual([]);
    expect(await runPlannedSlice({ ...phase(raw('json')), runId, stream: stream.id, slice: 0 })).toMatchObject({ status: 'complete' });
  });

  it('is settled by the first attempt of a sink that joins the job later', async () => {
    const { raw, kinesis, run, phase, stream } = createHalf();
    const { run_id: runId } = await run(kinesis);
    // Two functions at once.
    const slices = await Promise.all([0, 1].map((slice) => runPlannedSlice({ ...phase(kinesis, raw('json')), runId, stream: stream.id, slice })));
    expect(slices.map(({ status }) => status)).toEqual(['complete', 'complete']);
    await expect(run(kinesis, raw('json.gz'))).rejects.toMatchObject(refusal);
    expect(await run(kinesis, raw('json'))).toMatchObject({ status: 'complete', problems: [] });
  });

  it('is not asked of sinks that have none, nor of a plan of an earlier version', async () => {
    const { world, raw, kinesis, run, plan } = createHalf();
    const { run_id: runId } = await run(raw('json'), kinesis);
    const { streams, ...rest } = await plan(runId);
    const before = { ...rest, streams: streams.map((stream) => ({ ...stream, layouts: undefined })) };
    await world.lake.put(planKey('daily', runId), Buffer.from(JSON.stringify(before)), { contentType: 'application/json' });
    expect(await run(raw('json.gz'), kinesis)).toMatchObject({ status: 'complete' });
    const other = createHalf();
    await other.run(other.raw('json'), other.kinesis);
    expect(await other.run(other.raw(), other.kinesis)).toMatchObject({ status: 'complete' });
  });
});
