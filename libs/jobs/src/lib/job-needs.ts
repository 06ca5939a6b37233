import { needed, type JobDefinition, type Settings } from '@loadin/config';
import { sinkKind } from './sinks.js';
import { isBronze, needOf } from './stream-facts.js';

/** The settings that a job asks for: those of its sources and sinks, and always the lake and the state. */
export function needsOf(definition: JobDefinition) {
  const sources = definition.streams.map(needOf);
  const sinks = isBronze(definition) ? [] : definition.sinks.map((name) => sinkKind(name).need);
  return [...new Set([...sources, ...sinks, lakeNeed(definition), 'state' as const])];
}

const lakeNeed = (definition: JobDefinition): 'bronze' | 'raw' => (isBronze(definition) ? 'bronze' : 'raw');

/** The bucket of a job: its plans, reports and all that it writes lie there. */
export const lakeBucket = (definition: JobDefinition, settings: Settings): string => needed(settings, lakeNeed(definition)).bucket;
