import type { Answer } from '../gateway/answer.js';
import type { Protocol } from '../gateway/call.js';
import type { Incoming } from '../gateway/incoming.js';
import { type Credentials, verifySignature } from '../gateway/sigv4.js';
import type { AwsError } from '../service.js';
import { bucketHandlers } from './bucket.js';
import { completeHandlers } from './complete.js';
import { copyHandlers } from './copy.js';
import { deleteHandlers } from './delete.js';
import { notImplemented } from './errors.js';
import { getHandlers } from './get.js';
import { listHandlers } from './list.js';
import { listUploadHandlers } from './list-uploads.js';
import { listVersionHandlers } from './list-versions.js';
import { multipartHandlers } from './multipart.js';
import { putHandlers } from './put.js';
import type { S3Handler, S3Request } from './request.js';
import { routeOf } from './route.js';
import { settingHandlers } from './settings.js';
import { openStore } from './store.js';
import { taggingHandlers } from './tagging.js';
import { deleteMarkerHeaders } from './versions.js';
import { element } from './xml.js';

const HANDLERS: Readonly<Record<string, S3Handler>> = {
  ...bucketHandlers,
  ...completeHandlers,
  ...copyHandlers,
  ...deleteHandlers,
  ...getHandlers,
  ...listHandlers,
  ...listUploadHandlers,
  ...listVersionHandlers,
  ...multipartHandlers,
  ...putHandlers,
  ...settingHandlers,
  ...taggingHandlers,
};

export interface S3Options {
  readonly dataDir: string;
  readonly credentials: Credentials;
  readonly now: () => number;
  readonly region: string;
  readonly accountId: string;
}

/** S3 over HTTP, its state under `dataDir`. */
export async function createS3(options: S3Options): Promise<Protocol & { close(): Promise<void> }> {
  const store = await openStore(options.dataDir);
  return {
    internalCode: () => 'InternalError',
    async open(incoming) {
      const payloadHash = incoming.headers['x-amz-content-sha256'] ?? incoming.query.get('X-Amz-Content-Sha256') ?? 'UNSIGNED-PAYLOAD';
      const signing = verifySignature(incoming, payloadHash, options.credentials, options.now());
      const route = routeOf(incoming);
      const handler = HANDLERS[route.operation];
      if (handler === undefined) throw notImplemented(route.operation);
      const { query, headers } = incoming;
      const region = incoming.auth?.region || options.region;
      const request: S3Request = { ...route, incoming, query, headers, now: options.now(), region, accountId: options.accountId, signing };
      return {
        target: { service: 's3', operation: route.operation, bucket: route.bucket, key: route.key },
        perform: async () => withIds(await handler(request, store), incoming),
      };
    },
    errorAnswer,
    close: () => store.close(),
  };
}

function withIds(answer: Answer, { requestId, hostId }: Incoming): Answer {
  return { ...answer, headers: { ...answer.headers, server: 'AmazonS3', 'x-amz-request-id': requestId, 'x-amz-id-2': hostId } };
}

/** The error document; an answer to HEAD has none, there the SDK goes by the status. */
function errorAnswer(error: AwsError, incoming: Incoming): Answer {
  const { requestId, hostId } = incoming;
  const fields = { Code: error.code, Message: error.message, ...error.members, RequestId: requestId, HostId: hostId };
  const document = `<?xml version="1.0" encoding="UTF-8"?>\n${element('Error', fields)}`;
  const body = incoming.method === 'HEAD' ? '' : document;
  return withIds({ status: error.status, headers: { 'content-type': 'application/xml', ...deleteMarkerHeaders(error) }, body }, incoming);
}
