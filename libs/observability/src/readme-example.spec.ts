import { readmeDifferences } from '@loadin/specs/readme';
import { createMeter, emf, jsonLine, redact, terminalLine } from './index.js';

describe('the example of the README', () => {
  it('works as printed', async () => {
    const lines: string[] = [];
    const console = { log: (line: string) => lines.push(line) };

    // example
    const meter = createMeter();
    meter.add('requests', 3);

    const timestamp = Date.parse('2024-01-15T10:30:45Z');
    const message = redact('GET https://api.example.org/events?apikey=abc123&page=2', ['other-secret']);
    console.log(terminalLine({ timestamp, level: 'info', message, fields: { run: '6f1c2a34' } }));
    console.log(jsonLine({ timestamp, level: 'warn', message: 'Slow', fields: { run: '6f1c2a34' } }));

    const metrics = [{ name: 'Requests', value: meter.totals.requests }];
    console.log(JSON.stringify(emf({ metrics, dimensions: { Source: 'ticketmaster' }, timestamp })));
    // end

    expect(lines).toEqual([
      '[2024-01-15 10:30:45] GET https://api.example.org/events?apikey=***&page=2 run=6f1c2a34',
      '{"run":"6f1c2a34","timestamp":"2024-01-15T10:30:45.000Z","level":"WARN","message":"Slow"}',
      '{"Source":"ticketmaster","Requests":3,"_aws":{"Timestamp":1705314645000,"CloudWatchMetrics":[{"Namespace":"ConcertDataPipeline","Dimensions":[["Source"]],"Metrics":[{"Name":"Requests","Unit":"Count"}]}]}}',
    ]);
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
