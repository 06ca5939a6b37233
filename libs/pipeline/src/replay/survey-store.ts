import { gunzipSync, gzipSync } from 'node:zlib';
import type { Plan } from '../plan/plan.js';
import type { ObjectStore } from '../ports/object-store.js';
import type { Slice } from '../ports/stream.js';
import type { SliceSurvey } from './survey.js';

/** Which replay of which stream. */
export interface SurveyOf {
  readonly lake: ObjectStore;
  readonly plan: Plan;
  readonly streamId: string;
  /** Of the replay of this stream of the run. */
  readonly id: string;
}

export const REPLAYS = '_loadin/replays/';

/** `_loadin/replays/{job}/{run id}/surveys/{stream}/{id}/slice=00000-{turn}-{fingerprint}.json.gz` */
const prefixOf = ({ plan, streamId, id }: SurveyOf, slice: Slice): string =>
  `${REPLAYS}${plan.job}/${plan.run_id}/surveys/${streamId}/${id}/slice=${String(slice.ordinal).padStart(5, '0')}-`;

/** What earlier attempts of this replay found, in all turns. */
export async function earlierSurveys(of: SurveyOf, slice: Slice): Promise<readonly SliceSurvey[]> {
  const surveys: SliceSurvey[] = [];
  for await (const { key } of of.lake.list(prefixOf(of, slice))) {
    const stored = await of.lake.get(key);
    if (stored !== undefined) surveys.push(parse(stored));
  }
  return surveys;
}

/** Keeps a survey before anything is written by it, and gives the one that counts: the first of its turn, which saw what was delivered before. */
export async function keepSurvey(of: SurveyOf, turn: number, slice: Slice, survey: SliceSurvey): Promise<SliceSurvey> {
  const key = `${prefixOf(of, slice)}${turn}-${survey.fingerprint}.json.gz`;
  const body = gzipSync(`${JSON.stringify(survey)}\n`);
  const { created } = await of.lake.putIfAbsent(key, body, { contentType: 'application/json', contentEncoding: 'gzip' });
  const stored = created ? undefined : await of.lake.get(key);
  return stored === undefined ? survey : parse(stored);
}

const parse = (body: Uint8Array): SliceSurvey => JSON.parse(gunzipSync(body).toString('utf8')) as SliceSurvey;
