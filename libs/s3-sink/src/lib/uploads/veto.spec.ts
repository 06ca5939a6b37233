import { startLocalS3, type LocalS3 } from '../local-s3.fixture.js';
import type { PendingUploadsOptions } from './types.js';
import { commitTwo, failure, KEYS, OF, pendingUploads, RECORD_KEY, uploadsInto } from './uploads.fixture.js';

describe('a veto of another run', () => {
  let s3: LocalS3;
  beforeAll(async () => {
    s3 = await startLocalS3();
  });
  afterAll(() => s3.close());
  afterEach(() => s3.aws.faults.clear());

  const OTHER = 'b2a1c0de-0000-5000-8000-000000000002';
  const setUp = async (options?: Partial<PendingUploadsOptions>) => {
    const { bucket, uploads } = await uploadsInto(s3, options);
    const begin = async (veto?: string) => {
      const attempt = uploads.attempt(OF, { ...(veto !== undefined && { veto }) });
      await attempt.upload(KEYS[0], [Buffer.from('rows')]);
      return attempt;
    };
    return { bucket, uploads, begin };
  };
  const vetoOf = async ({ recover }: Awaited<ReturnType<typeof setUp>>['uploads']): Promise<string> => {
    const found = await recover(OF);
    if (found.state !== 'none' || found.veto === undefined) throw new Error('there is no veto');
    return found.veto;
  };

  it('keeps an attempt that has begun before from its commit: it gives its uploads up and says who goes on', async () => {
    const { bucket, uploads, begin } = await setUp();
    const slept = await begin();
    expect(await uploads.veto(OF, OTHER)).toBeUndefined();
    expect(await uploads.record(OF)).toBeUndefined();
    expect(await failure(slept.commit())).toMatchObject({ action: 'stop', reason: 'lease', message: expect.stringContaining(OTHER) });
    expect(await pendingUploads(s3, bucket)).toEqual([]);
    expect(await slept.abort()).toBe(0);
  });

  it('lets one commit that has begun afterwards, until there is the next veto', async () => {
    const { uploads, begin } = await setUp();
    await uploads.veto(OF, OTHER);
    const [first, second] = [await begin(await vetoOf(uploads)), await begin(await vetoOf(uploads))];
    await uploads.veto(OF, OTHER);
    expect(await failure(first.commit())).toMatchObject({ reason: 'lease' });
    const third = await begin(await vetoOf(uploads));
    const { won, record } = await third.commit();
    expect(won).toBe(true);
    expect(await uploads.recover(OF)).toMatchObject({ state: 'completed', record });
    // Too late for the veto that it knew, and too late at all.
    expect(await second.commit()).toEqual({ won: false, record });
  });

  it('comes too late for what is committed: it answers with the record and changes nothing', async () => {
    const { uploads } = await setUp();
    const record = await commitTwo(uploads);
    expect(await uploads.veto(OF, OTHER)).toEqual(record);
    expect(await uploads.recover(OF)).toMatchObject({ state: 'completed', record });
  });

  it('is put although its answer is lost, and a commit in its place counts although that one’s is', async () => {
    const { bucket, uploads, begin } = await setUp();
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', bucket, key: RECORD_KEY, effect: 'lostAnswer', nth: 1 });
    expect(await uploads.veto(OF, OTHER)).toBeUndefined();
    const attempt = await begin(await vetoOf(uploads));
    s3.aws.faults.clear();
    s3.aws.faults.add({ service: 's3', operation: 'PutObject', bucket, key: RECORD_KEY, effect: 'lostAnswer', nth: 1 });
    expect(await attempt.commit()).toMatchObject({ won: true });
  });

  it('of two at the same time both hold, and one of a commit and a veto', async () => {
    const { uploads, begin } = await setUp();
    const slept = await begin();
    expect(await Promise.all([uploads.veto(OF, OTHER), uploads.veto(OF, OTHER)])).toEqual([undefined, undefined]);
    expect(await failure(slept.commit())).toMatchObject({ reason: 'lease' });
    const attempt = await begin(await vetoOf(uploads));
    let record: unknown;
    const committing = attempt.commit().then((committed) => void (record = committed.record));
    const [error, found] = await Promise.all([failure(committing), uploads.veto(OF, OTHER)]);
    expect({ record, found }).toEqual(found === undefined ? {} : { record: found, found });
    if (found === undefined) expect(error).toMatchObject({ reason: 'lease' });
  });
});
