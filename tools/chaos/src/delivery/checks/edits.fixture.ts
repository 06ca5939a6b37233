import { createHash } from 'node:crypto';
import type { Attempt, LakeObject, ServerEvent, StateVersion, StreamRecord } from '../evidence.js';
import type { Draft } from './evidence.fixture.js';

const etagOf = (body: Buffer): string => `"${createHash('md5').update(body).digest('hex')}"`;

/** Whatever lay there has always been this. */
export function rewrite(draft: Draft, key: string, change: (text: string) => string | Buffer): void {
  const old = draft.lake.get(key) as LakeObject;
  const body = Buffer.from(change(old.body?.toString('latin1') ?? '') as string, 'latin1');
  const made = { ...old, body, etag: etagOf(body) };
  draft.lake.set(key, made);
  draft.versions = draft.versions.map((version) => (version === old ? made : version));
  for (const event of draft.events) if (event.key === key && event.md5 !== undefined) editEvent(draft, event.number, { md5: made.etag.slice(1, -1) });
  draft.listings = draft.listings.map((listing) => ({
    ...listing,
    objects: listing.objects.map((object) => (object.key === key ? { ...object, etag: made.etag } : object)),
  }));
}

/** It was never written. */
export function forget(draft: Draft, key: string): void {
  draft.lake.delete(key);
  draft.versions = draft.versions.filter((version) => version.key !== key);
  draft.listings = draft.listings.map((listing) => ({ ...listing, objects: listing.objects.filter((object) => object.key !== key) }));
}

/** Somebody wrote it (once more). */
export function overwrite(draft: Draft, key: string, body: Buffer, attempt: string, event = draft.events.length): void {
  const made: LakeObject = { key, versionId: `v${event}+`, etag: etagOf(body), body, event, attempt };
  draft.lake.set(key, made);
  draft.versions.push(made);
}

/** It was done at another time. */
export function moveObject(draft: Draft, key: string, event: number): void {
  const old = draft.lake.get(key) as LakeObject;
  const moved = { ...old, event };
  draft.lake.set(key, moved);
  draft.versions = draft.versions.map((version) => (version === old ? moved : version));
}

export function editEvent(draft: Draft, number: number, change: Partial<ServerEvent>): void {
  draft.events = draft.events.map((event) => (event.number === number ? { ...event, ...change } : event));
}

export const eventsOf = ({ events }: Draft, attempt: string, step: string): readonly ServerEvent[] =>
  events.filter((event) => event.attempt === attempt && event.step === step);

export function editAttempt(draft: Draft, id: string, change: Partial<Attempt>): void {
  draft.attempts = draft.attempts.map((attempt) => (attempt.id === id ? { ...attempt, ...change } : attempt));
}

/** The states of an item, each as it is changed; without one it was never saved. */
export function editState(
  draft: Draft,
  key: string,
  change: (value: NonNullable<StateVersion['value']>, version: StateVersion) => StateVersion['value'] | null,
): void {
  draft.state = draft.state.flatMap((version) => {
    if (version.key !== key || version.value === undefined) return [version];
    const value = change(version.value, version);
    return value === null ? [] : [{ ...version, value }];
  });
}

export function editStream(draft: Draft, change: (record: StreamRecord) => readonly StreamRecord[]): void {
  draft.shards = draft.shards.map((shard) => ({ ...shard, records: shard.records.flatMap(change) }));
}
