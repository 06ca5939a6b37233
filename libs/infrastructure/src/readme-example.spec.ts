import { readmeDifferences } from '@loadin/specs/readme';
import { parseEnvironments, resourceNames } from './index.js';

describe('the example of the README', () => {
  it('works as printed', () => {
    const lines: unknown[] = [];
    const console = { log: (line: unknown) => lines.push(line) };

    // example
    const text = "{ version: 1, environments: { dev: { account: '123456789012', region: eu-west-1, suffix: -dev } } }";
    for (const environment of parseEnvironments(text, 'loadin.environments.yaml').values()) {
      const names = resourceNames({ ...environment, environment: environment.name });
      console.log(names.stream); // concert-data-stream-dev
      console.log(names.rawBucket); // concert-data-raw-dev-123456789012-eu-west-1
      console.log(environment.retention.logDays); // 30
    }
    // end

    expect(lines).toEqual(['concert-data-stream-dev', 'concert-data-raw-dev-123456789012-eu-west-1', 30]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
