export { DATA_TYPES, differentIdsOf, expectedIds, idOf, idsOf, type DataType, type Selection } from './expected-ids.js';
export type { Lake, RawObject } from './lake.js';
export { readStream, type DataRecord, type StreamRecord } from './read-stream.js';
export { startServers, type Servers, type ServersOptions } from './servers.js';
export { BUCKET, connectStorage, TABLE, type Storage, type StoragePart } from './storage.js';
