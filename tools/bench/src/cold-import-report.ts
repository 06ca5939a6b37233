import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { table } from './report.js';

/** A bundle that is measured, with the budgets of its app's package.json. */
export interface Bundle {
  readonly app: string;
  readonly file: string;
  /** With all that it may import, but for parts with budgets of their own. Undefined when it is not built. */
  readonly bytes: number | undefined;
  readonly maxBytes: number | undefined;
  readonly maxColdImportMs: number | undefined;
}

export interface Measured extends Bundle {
  readonly medianMs: number;
  readonly fastestMs: number;
  readonly slowestMs: number;
}

interface Manifest {
  readonly loadin?: { readonly kind: string; readonly maxBytes?: number; readonly maxColdImportMs?: number };
}

/** The bundles of all Lambda functions of the workspace: a command's start is no cold start. */
export function lambdaBundles(workspace: string): Bundle[] {
  return readdirSync(join(workspace, 'apps'))
    .sort()
    .flatMap((app) => {
      const manifest = join(workspace, 'apps', app, 'package.json');
      if (!existsSync(manifest)) return [];
      const { loadin } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
      if (loadin?.kind !== 'lambda') return [];
      const file = join(workspace, 'apps', app, 'dist/index.mjs');
      return [
        {
          app,
          file,
          bytes: bytesOf(join(workspace, 'apps', app, 'dist/sizes.json')),
          maxBytes: loadin.maxBytes,
          maxColdImportMs: loadin.maxColdImportMs,
        },
      ];
    });
}

/** What the build has counted. */
const bytesOf = (sizes: string): number | undefined =>
  existsSync(sizes) ? (JSON.parse(readFileSync(sizes, 'utf8')) as { readonly bytes: number }).bytes : undefined;

export const isWithinBudget = ({ bytes = 0, maxBytes = Infinity, medianMs, maxColdImportMs = Infinity }: Measured): boolean =>
  bytes <= maxBytes && medianMs <= maxColdImportMs;

/** A table for people: sizes in kB, times in ms. */
export function coldImportTable(measured: readonly Measured[]): string {
  const header = ['function', 'kB', 'at most', 'median ms', 'at most', 'fastest', 'slowest', ''];
  const rows = measured.map((one) => [
    one.app,
    kB(one.bytes),
    kB(one.maxBytes),
    one.medianMs.toFixed(1),
    String(one.maxColdImportMs ?? '-'),
    one.fastestMs.toFixed(1),
    one.slowestMs.toFixed(1),
    isWithinBudget(one) ? 'ok' : 'OVER BUDGET',
  ]);
  return table(header, rows, [1, 2, 3, 4, 5, 6]);
}

const kB = (bytes: number | undefined): string => (bytes === undefined ? '-' : String(Math.round(bytes / 1000)));
