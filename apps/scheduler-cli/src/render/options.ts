import { FatalError } from '@loadin/resilience';

/** A parser for an option that is a whole number; throws `FatalError` for anything else. */
export const wholeNumber =
  (option: string, least: number, most: number) =>
  (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new FatalError(`${option} is "${text}"`, { hint: `Give a whole number from ${least} to ${most}.` });
  };

/** An option that can be given several times. */
export const collect = (value: string, earlier: readonly string[] = []): readonly string[] => [...earlier, value];
