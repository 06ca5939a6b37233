import { commandOf, type SeedsResult } from './run-seeds.js';
import type { Outcome, Suite } from './suite.js';

export function failureText(suite: string, seed: number, { findings, kept }: Pick<Outcome, 'findings' | 'kept'>): string {
  return [
    `${suite}, seed ${seed}: ${findings.length === 1 ? 'one thing' : `${findings.length} things`} did not hold`,
    ...findings.map((text) => `  - ${text}`),
    ...(kept === undefined ? [] : [`  what it left behind: ${kept}`]),
    `  again: ${commandOf(suite, seed)}`,
  ].join('\n');
}

export function summaryText({ name, kinds = [] }: Pick<Suite, 'name' | 'kinds'>, { seeds, failed, counts }: SeedsResult, took: string): string {
  const told = Object.keys(counts)
    .sort()
    .map((kind) => `${kind} ${counts[kind]}`);
  const verdict = failed.length === 0 ? 'all held' : `${failed.length} failed: ${failed.map(({ seed }) => seed).join(', ')}`;
  const never = kinds.filter((kind) => (counts[kind] ?? 0) === 0);
  return [
    `${name}: ${seeds} ${seeds === 1 ? 'seed' : 'seeds'} in ${took} s, ${verdict}`,
    ...wrapped(told),
    ...(never.length === 0 ? [] : ['  did not come up:', ...wrapped(never)]),
  ].join('\n');
}

const WIDTH = 140;

/** As many on a line as fit. */
function wrapped(parts: readonly string[]): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + part.length < WIDTH) lines[lines.length - 1] = `${last} · ${part}`;
    else lines.push(`  ${part}`);
  }
  return lines;
}
