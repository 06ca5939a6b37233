/** Of the objects of one load under `_loadin/keys/{entity}/`. */
export const keysPrefix = (entity: string, ingestionId: string): string => `_loadin/keys/${entity}/${ingestionId}.`;

/** All keys that a load of the whole entity has seen. */
export const keySetKey = (entity: string, ingestionId: string): string => `${keysPrefix(entity, ingestionId)}parquet`;

/** Whether a set has all keys of just this load. */
export const isKeySetOf = (path: string, ingestionId: string): boolean => path.endsWith(`/${ingestionId}.parquet`);

/** What a load has read that the next one reads again. */
export const recentKey = (entity: string, ingestionId: string): string => `${keysPrefix(entity, ingestionId)}recent.parquet`;

/** What its rows were like; as `profileKey` of `@loadin/quality` has it. */
export const profilePath = (entity: string, ingestionId: string): string => `_loadin/profiles/${entity}/${ingestionId}.json`;
