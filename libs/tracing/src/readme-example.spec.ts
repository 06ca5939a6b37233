import { inSpan, silentLogger } from '@loadin/observability';
import { startCollector } from '@loadin/specs/collector';
import { readmeDifferences } from '@loadin/specs/readme';
import { withTracing } from './index.js';

describe('the example of the README', () => {
  const before = { ...process.env };
  afterEach(() => void (process.env = before));

  it('works as printed', async () => {
    const { url: collector, spans, close } = await startCollector();

    // example
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: collector };
    const work = { name: 'command' };
    await withTracing({ env, serviceName: 'example', logger: silentLogger }, work, async () => {
      await inSpan('work', { 'work.pages': 3 }, async (span) => {
        span.event('half done');
      });
    });
    // end

    await close();
    const [inner, command] = spans;
    expect(inner).toMatchObject({
      name: 'work',
      attributes: { 'work.pages': 3 },
      events: [{ name: 'half done' }],
      resource: { 'service.name': 'example' },
    });
    expect(command).toMatchObject({ name: 'command', spanId: inner?.parentSpanId });
  });

  it('is what was just run', () => {
    expect(readmeDifferences(__filename)).toEqual([]);
  });
});
