import { parseArgs } from 'node:util';
import type { UpstreamsOptions } from './types.js';

export const usage = 'usage: node dist/main.js [--port N] [--host H] [--seed S] [--day D] [--base-date YYYY-MM-DD] [--limits JSON]';

/** The options of the command line. Throws a `RangeError` of one line for a wrong one. */
export function parseArguments(args: readonly string[]): UpstreamsOptions {
  const values = parsed(args);
  const whole = (name: 'port' | 'seed' | 'day'): number | undefined => {
    const text = values[name];
    if (text !== undefined && !/^\d{1,9}$/.test(text)) throw new RangeError(`--${name} "${text}": must be a whole number; ${usage}`);
    return text === undefined ? undefined : Number(text);
  };
  return {
    port: whole('port'),
    host: values.host,
    seed: whole('seed'),
    day: whole('day'),
    baseDate: values['base-date'],
    limits: values.limits === undefined ? undefined : limitsOf(values.limits),
  };
}

const string = { type: 'string' } as const;

function parsed(args: readonly string[]): Partial<Record<'port' | 'host' | 'seed' | 'day' | 'base-date' | 'limits', string>> {
  try {
    return parseArgs({ args: [...args], options: { port: string, host: string, seed: string, day: string, 'base-date': string, limits: string } })
      .values;
  } catch (error) {
    throw new RangeError(`${(error as Error).message.split('\n')[0]}; ${usage}`, { cause: error });
  }
}

function limitsOf(text: string): UpstreamsOptions['limits'] {
  try {
    return JSON.parse(text) as UpstreamsOptions['limits'];
  } catch (error) {
    throw new RangeError(`--limits: not JSON (${(error as Error).message}); e.g. '{"ticketmaster":{"perSecond":50}}'`, { cause: error });
  }
}
