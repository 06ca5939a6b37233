import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { callRecorder } from './call-record.js';
import { createDynamoDb } from './dynamodb/index.js';
import { type DiskSpace, diskSpace } from './disk-space.js';
import { createFaults, type Faults, type ServiceName } from './faults.js';
import { createHandler, type Handler } from './gateway/handle.js';
import { jsonProtocol } from './gateway/json-protocol.js';
import { listen } from './gateway/listen.js';
import { stsProtocol } from './gateway/sts.js';
import { createKinesis, type KinesisLimits } from './kinesis/index.js';
import { createS3 } from './s3/index.js';
import { createSecretsManager } from './secrets/index.js';
import type { JsonService } from './service.js';
import { createTally, type RequestCounts, type Tally } from './tally.js';
import { type CallWatcher, createWatchers, type Watchers } from './watch.js';

export interface LocalAwsOptions {
  /** Where everything is kept; made when it is not there. One server at a time. */
  readonly dataDir: string;
  /** Default 0: the system chooses. */
  readonly port?: number;
  /** Default 127.0.0.1: then `localhost` is answered, too, also where it means ::1. */
  readonly host?: string;
  /** Of ARNs and new buckets. Default `us-east-1`. */
  readonly region?: string;
  /** Twelve digits. Default `000000000000`. */
  readonly accountId?: string;
  /** Epoch milliseconds. Default `Date.now`. DynamoDB always has the real time. */
  readonly now?: () => number;
  /** Access key ids and their secrets. Default: any key is accepted and signatures are not looked at. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** What Kinesis does otherwise than AWS: limits for tests, and how long changes of a stream take (default 0 ms). */
  readonly kinesis?: { readonly limits?: Partial<KinesisLimits>; readonly transitionMs?: number };
  /** Gets one line for each unexpected error. Default: standard error. */
  readonly log?: (line: string) => void;
}

export interface LocalAws {
  /** E.g. `http://127.0.0.1:40713`. */
  readonly url: string;
  readonly port: number;
  readonly faults: Faults;
  /** Of the data directory: `disk.full = true`. */
  readonly disk: DiskSpace;
  /** Sees every call from now on, and may hold or strike it. Gives the function that ends it. */
  watch(watcher: CallWatcher): () => void;
  /** The calls so far, by service and operation. */
  requests(): RequestCounts;
  /** Lets running requests finish; everything stays on disk for the next start. */
  close(): Promise<void>;
}

/**
 * Starts S3, Kinesis, DynamoDB, Secrets Manager and STS's `GetCallerIdentity` on one port.
 * Throws when the port is taken, or the data directory can't be used or is in use by another server.
 */
export async function startLocalAws(options: LocalAwsOptions): Promise<LocalAws> {
  const dataDir = resolve(options.dataDir);
  await mkdir(dataDir, { recursive: true });
  const opened: { close(): Promise<void> }[] = [];
  const disk = diskSpace(dataDir);
  const closeAll = async (): Promise<void> => {
    disk.full = false;
    for (const service of opened.splice(0).reverse()) await service.close();
  };
  const keep = async <Service extends { close(): Promise<void> }>(opening: Promise<Service>): Promise<Service> => {
    const service = await opening;
    opened.push(service);
    return service;
  };
  try {
    const { host = '127.0.0.1', port = 0 } = options;
    const [faults, tally, watchers] = [createFaults(), createTally(), createWatchers()];
    const handler = await openHandler({ ...options, dataDir }, { faults, tally, watchers }, keep);
    const listening = await keep(listen(host, port, handler));
    return {
      url: `http://${host}:${listening.port}`,
      port: listening.port,
      faults,
      disk,
      watch: watchers.add,
      requests: () => tally.read(),
      close: closeAll,
    };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

type Keep = <Service extends { close(): Promise<void> }>(opening: Promise<Service>) => Promise<Service>;

interface Gatekeepers {
  readonly faults: Faults;
  readonly tally: Tally;
  readonly watchers: Watchers;
}

/** Opens the services and puts the gateway before them. */
async function openHandler(options: LocalAwsOptions, gatekeepers: Gatekeepers, keep: Keep): Promise<Handler> {
  const { dataDir, region = 'us-east-1', accountId = '000000000000', now = Date.now, credentials } = options;
  const context = { region, accountId, now, credentials };
  // DynamoDB first: its database is locked by the process that has it, and so it guards the whole data directory.
  const dynamodb = await keep(createDynamoDb({ dataDir: join(dataDir, 'dynamodb'), region, accountId }));
  const secrets = await keep(createSecretsManager({ dataDir }));
  const kinesis = await keep(createKinesis({ dataDir, now, ...options.kinesis }));
  const s3 = await keep(createS3({ dataDir: join(dataDir, 's3'), ...context }));
  const services: { name: ServiceName; service: JsonService }[] = [
    { name: 'dynamodb', service: dynamodb },
    { name: 'kinesis', service: kinesis },
    { name: 'secretsmanager', service: secrets },
  ];
  const log = options.log ?? ((line: string) => void process.stderr.write(`${line}\n`));
  return createHandler({
    s3,
    json: jsonProtocol({ services, ...context }),
    sts: stsProtocol(context),
    ...gatekeepers,
    recorder: callRecorder(),
    now,
    dataDir,
    log,
  });
}
