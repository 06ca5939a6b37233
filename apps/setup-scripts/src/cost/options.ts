import { InvalidArgumentError } from 'commander';
import { GB, KB, MB, TB } from '@loadin/costs';

/** What is asked of `loadin-setup cost`; what is left out is measured, or assumed and said. */
export interface CostOptions {
  readonly days?: number;
  readonly recordsPerDay?: number;
  readonly recordSize?: number;
  readonly peak?: number;
  readonly runsPerDay?: number;
  readonly secondsPerRun?: number;
  readonly memory?: number;
  readonly provisionedConcurrency?: number;
  readonly shards?: number;
  readonly mode?: StreamMode;
  readonly retention?: number;
  readonly readers?: number;
  readonly fanOut?: number;
  readonly keepDays?: number;
  readonly glacierAfter?: number;
  readonly queriesPerDay?: number;
  readonly scannedPerQuery?: number;
  readonly stateMachine?: boolean;
  /** The figures of earlier guides as well. Default: only where they are; as JSON they always come. */
  readonly examples?: boolean;
  readonly json?: boolean;
}

export type StreamMode = 'provisioned' | 'on_demand';

/** A number from `least`; `1000`, `1e6`, `1_000_000`. */
export const atLeast =
  (least: number, whole = false) =>
  (value: string): number => {
    const number = /^\d[\d_]*(\.\d+)?(e\d+)?$/i.test(value) ? Number(value.replaceAll('_', '')) : NaN;
    if (!Number.isFinite(number) || number < least || (whole && !Number.isInteger(number)))
      throw new InvalidArgumentError(`Give a ${whole ? 'whole number' : 'number'} from ${least}.`);
    return number;
  };

export const between =
  (least: number, most: number) =>
  (value: string): number => {
    const number = atLeast(least, true)(value);
    if (number > most) throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
    return number;
  };

const UNITS: Readonly<Record<string, number>> = { B: 1, KB, MB, GB, TB };

/** `900`, `900B`, `1.5KB`, `2MB`: bytes; KB are 1,024. */
export function size(value: string): number {
  const [, number = '', unit = ''] = /^(\d+(?:\.\d+)?)\s*([KMGT]?B)?$/i.exec(value) ?? [];
  const bytes = Number(number) * (UNITS[(unit === '' ? 'B' : unit).toUpperCase()] ?? NaN);
  if (number === '' || !(bytes > 0)) throw new InvalidArgumentError('Give a size: 900, 1.5KB or 2MB.');
  return bytes;
}

export function mode(value: string): StreamMode {
  const named = value.replace('-', '_');
  if (named !== 'provisioned' && named !== 'on_demand') throw new InvalidArgumentError('Give provisioned or on-demand.');
  return named;
}
