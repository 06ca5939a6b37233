import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readmeDifferences } from '@loadin/specs/readme';
import { ConfigurationError, DEFAULT_JOBS_FILE, loadEnvironment, parseJobsFile, readSettings, settingDefinitions } from './index.js';

const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');

describe('the README', () => {
  it('has an example that works as printed', () => {
    const lines: unknown[] = [];
    const console = { log: (...values: unknown[]) => lines.push(...values), error: (...values: unknown[]) => lines.push(...values) };
    const process = { cwd: () => '/', env: { AWS_REGION: 'eu-west-1', AWS_S3_BUCKET_RAW: 'concert-data-raw', LOG_LEVEL: 'loud' } };

    // example
    try {
      const settings = readSettings(loadEnvironment({ cwd: process.cwd(), env: process.env }), ['raw', 'stream', 'state']);
      console.log(settings.raw.bucket, settings.aws.region, settings.stream.name);
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error;
      console.error(error.report);
    }
    const jobs = parseJobsFile(DEFAULT_JOBS_FILE, 'built in').jobs;
    for (const { id, options } of jobs.get('daily')?.streams ?? []) {
      if (id === 'ticketmaster.events') console.log(options.countries.length, options.horizon_days);
    }
    // end

    expect(lines).toEqual([
      '1 setting is missing or wrong:\n  LOG_LEVEL is "loud"\n      looked in: the environment\n      expected:  error, warn, info or debug',
      9,
      365,
    ]);
  });

  it('prints what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });

  it('lists every setting with its default, its meaning and what is right', () => {
    const rows = [...settingDefinitions()].map(([name, { fallback, purpose, expected }]) => [
      `\`${name}\``,
      fallback === undefined ? '' : `\`${fallback}\``,
      purpose,
      expected,
    ]);
    const printed = readme.split('\n').filter((line) => /^\| `[A-Z0-9_]+` +\|/.test(line));
    const cells = (line: string): string[] => line.split('|').map((cell) => cell.trim());
    expect(printed.map((line) => cells(line).slice(1, -1))).toEqual(rows);
  });
});
