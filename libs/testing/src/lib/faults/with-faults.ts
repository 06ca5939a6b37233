import type { ObjectStore, Sink, StateStore, Stream } from '@loadin/pipeline';
import type { FaultOptions } from './fault-options.js';
import { createFaults, type Faults } from './faults.js';
import { sinkWithFaults } from './sink-with-faults.js';
import { objectStoreWithFaults, stateStoreWithFaults } from './stores-with-faults.js';
import { streamWithFaults } from './stream-with-faults.js';

/**
 * The same port with faults in its calls. Give the options for one port, or the `Faults` of a process (`createFaults`) to each of its ports.
 * What is decorated has the port's members only.
 */
export function withFaults(port: Sink, faults: FaultOptions | Faults): Sink;
export function withFaults(port: Stream, faults: FaultOptions | Faults): Stream;
export function withFaults(port: ObjectStore, faults: FaultOptions | Faults): ObjectStore;
export function withFaults(port: StateStore, faults: FaultOptions | Faults): StateStore;
export function withFaults(port: Sink | Stream | ObjectStore | StateStore, given: FaultOptions | Faults): Sink | Stream | ObjectStore | StateStore {
  const faults = 'around' in given ? given : createFaults(given);
  if ('write' in port) return sinkWithFaults(port, faults);
  if ('plan' in port) return streamWithFaults(port, faults);
  if ('putIfAbsent' in port) return objectStoreWithFaults(port, faults);
  return stateStoreWithFaults(port, faults);
}
