import type { UploadAttempt, UploadsOf } from '@loadin/s3-sink';
import type { CommitRecord, RecordedObject } from '@loadin/s3-sink';

/** An attempt of which nothing reaches the lake: what is uploaded is counted and dropped. */
export function createDryAttempt({ job, runId, stream }: UploadsOf, bucket: string): UploadAttempt {
  const objects: RecordedObject[] = [];
  return {
    async upload(key, body, { describe } = {}) {
      let bytes = 0;
      for await (const chunk of body) bytes += chunk.byteLength;
      const object = { key, upload_id: '', bytes, checksum: '', parts: [], ...(describe && { details: describe() }) };
      objects.push(object);
      return object;
    },
    async commit(details) {
      const identity = { version: 1 as const, job, run_id: runId, stream, attempt: 'dry', bucket, started_at: '' };
      const record: CommitRecord = { ...identity, objects, ...(details && { details }) };
      return { won: true, record };
    },
    abort: async () => 0,
  };
}
