import type { Check } from '../check.js';
import { arrival } from './arrival.js';
import { deadLetters } from './dead-letters.js';
import { endings } from './endings.js';
import { lake } from './lake.js';
import { leases } from './leases.js';
import { moments } from './moments.js';
import { onStream } from './on-stream.js';
import { reports } from './reports.js';

/** Everything that must hold after a storm, whatever it was. They read the lake, the stream and the state with code of their own. */
export const checks: readonly Check[] = [...arrival, ...lake, ...moments, ...onStream, ...reports, ...deadLetters, ...leases, ...endings];
