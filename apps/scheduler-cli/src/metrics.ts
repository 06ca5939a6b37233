import type { EmfLine } from '@loadin/observability';
import type { Output } from './output.js';

/**
 * Prints metrics as lines of their own, of which CloudWatch makes metrics wherever the output of a container goes to its logs; nothing where a person reads it. Where stdout has
 * the report alone they go to stderr, which a container's log has too.
 */
export function metricsWriter(output: Output, reportAlone: boolean): (line: EmfLine) => void {
  if (output.resultIsTerminal) return () => undefined;
  const print = reportAlone ? output.say : (line: string): void => output.result(`${line}\n`);
  return (line) => print(JSON.stringify(line));
}

/** Whether a line is one of these: it must stay as it is. */
export const isMetricsLine = (line: string): boolean => line.startsWith('{') && line.includes('"_aws":{');
