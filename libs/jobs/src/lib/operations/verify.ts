import type { Environment, Settings } from '@loadin/config';
import { systemClock, verifyRuns, type Clock, type JsonObject, type LoadReader, type VerifiedRun, type VerifySelection } from '@loadin/pipeline';
import { isDataType, recordId } from '@loadin/transforms';
import type { AwsConnections } from '../aws-connections.js';
import { createKinesisReader } from './kinesis-reader.js';
import { withStores } from './with-stores.js';

export interface VerifyOptions {
  readonly environment: Environment;
  readonly selection: VerifySelection;
  /** Look at the stream too, as far as it still holds the runs. Default true. */
  readonly onStream?: boolean;
  readonly clock?: Clock;
  readonly signal?: AbortSignal;
  /** Called with each run as it is verified. */
  readonly onRun: (run: VerifiedRun) => void;
}

/** Reads runs' raw objects, stream records and committed loads again and compares them with the stored reports; gives the number of differences. Writes nothing. */
export const verifyJobRuns = ({ environment, selection, onStream = true, clock = systemClock, signal, onRun }: VerifyOptions): Promise<number> =>
  withStores(environment, async ({ settings, aws, ...stores }) => {
    const { rawKey } = await import('@loadin/s3-sink');
    const stream =
      onStream && settings.stream.name !== ''
        ? createKinesisReader({ client: await aws.kinesis(), streamName: settings.stream.name, clock })
        : undefined;
    let differences = 0;
    const runs = verifyRuns(stores, selection, {
      idOf: idOfRecord,
      rawPrefix: ({ source, data_type: dataType, second }) => rawKey({ source, dataType, second, sliceOrdinal: 0, part: 0 }, ''),
      stream,
      loads: await readerOfLoads(settings, aws),
      signal,
      now: clock.now(),
    });
    for await (const run of runs) {
      differences += run.differences;
      onRun(run);
    }
    return differences;
  });

/** What is needed for it is loaded when a load is met. */
async function readerOfLoads({ bronze }: Settings, aws: AwsConnections): Promise<LoadReader | undefined> {
  if (bronze === undefined) return undefined;
  return async (load, options) => {
    const { readCommittedLoad } = await import('../bronze/read-committed-load.js');
    return readCommittedLoad({ client: await aws.s3(), bucket: bronze.bucket }, load, options);
  };
}

export const idOfRecord = (dataType: string, record: JsonObject): string | undefined =>
  isDataType(dataType) ? recordId(dataType, record) : undefined;
