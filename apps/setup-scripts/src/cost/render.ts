import { KB, type CostLine } from '@loadin/costs';
import type { CostOptions } from './options.js';
import type { CostResult } from './result.js';

const number = (value: number): string => value.toLocaleString('en-US', { maximumFractionDigits: value < 10 ? 3 : value < 1_000 ? 1 : 0 });
export const dollars = (amount: number): string =>
  amount > 0 && amount < 0.005 ? '< 0.01' : amount.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** Of one record: few have a KB. */
export const recordSizeText = (bytes: number): string => (bytes < KB ? some(Math.round(bytes), 'byte') : `${+(bytes / KB).toFixed(2)} KB`);

const some = (value: number, what: string): string => `${number(value)} ${what}${number(value) === '1' ? '' : 's'}`;

/** Left-aligned columns of text, then right-aligned ones of numbers. */
export function table(rows: readonly (readonly string[])[], rightFrom: number): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) =>
    row
      .map((cell, column) => (column < rightFrom ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
      .trimEnd(),
  );
}

export function renderCost(
  result: CostResult,
  { shards, mode = 'provisioned', examples = false }: CostOptions & { readonly shards: number },
): string[] {
  const { month, assumptions, guides } = result;
  return [
    groundsLine(result),
    '',
    ...table([['Service', 'What', 'Quantity', 'Unit', 'US$', 'Free tier'], ...month.lines.map(costRow), totalRow(month)], 4),
    '',
    ...streamLines(result, mode === 'on_demand' ? undefined : shards),
    `Prices: ${month.region}, ${month.prices_of}`,
    'Assumed:',
    ...assumptions.map((one) => `  - ${one}`),
    '',
    ...(examples ? guideLines(guides) : ['With --examples: the figures of earlier guides, reckoned again (docs/cost.md)']),
  ];
}

const guideLines = (guides: CostResult['guides']): string[] => [
  'Figures of earlier guides, reckoned again (docs/cost.md):',
  ...guides.flatMap(({ figure, says, is, right, note }) => [
    `  ${right ? 'right' : 'wrong'}  ${figure}: ${says} is ${is}`,
    ...(right || note === undefined ? [] : [`         ${note}`]),
  ]),
];

const costRow = ({ service, what, quantity, unit, amount, free }: CostLine): string[] => [
  service,
  what,
  number(quantity),
  unit,
  dollars(amount),
  freeOf(free),
];

const freeOf = (free: number): string => (free === 0 ? '' : free < 0.005 ? '> -0.01' : `-${dollars(free)}`);

const totalRow = ({ amount, free }: CostResult['month']): string[] => ['Total', '', '', '', dollars(amount), freeOf(free)];

function groundsLine({ measured, daily }: CostResult): string {
  if (measured === null) return `A month of ${number(daily.streamRecords)} records a day, as the options say; nothing was measured`;
  const { runs, from, to, days, records, jobs } = measured;
  const names = jobs.map((one) => `${one.job} ${one.runs}`).join(', ');
  return `A month like the ${some(days, 'day')} from ${from.slice(0, 10)} to ${to.slice(0, 10)}: ${some(runs, 'run')} (${names}), ${some(records, 'record')}`;
}

/** `shards`: those that there are; undefined when the stream is on demand. */
function streamLines({ stream, daily }: CostResult, shards: number | undefined): string[] {
  if (stream === null) return [];
  const { size, mode, reason } = stream;
  const peak = `${number(daily.peakRecordsPerSecond)} records of ${recordSizeText(daily.recordBytes)} in the busiest second`;
  const most = size.bound === 'nothing' ? '' : `, of whose ${size.bound} they use ${(size.used * 100).toFixed(0)} %`;
  return [
    `Stream: ${peak} take ${size.shards} ${size.shards === 1 ? 'shard' : 'shards'}${most}`,
    `        ${mode === 'provisioned' ? 'provisioned' : 'on demand'}: ${reason}`,
    ...changes(stream, shards).map((line) => `        ${line}`),
    '',
  ];
}

function changes({ mode, size }: NonNullable<CostResult['stream']>, shards: number | undefined): string[] {
  if (mode === 'on_demand') return shards === undefined ? [] : ['now provisioned: loadin-setup stream mode on-demand'];
  if (shards === undefined) return ['now on demand: loadin-setup stream mode provisioned'];
  return shards === size.shards ? [] : [`now ${shards}: loadin-setup stream scale --shards ${size.shards}`];
}
