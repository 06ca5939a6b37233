import { ExportResultCode, type ExportResult } from '@opentelemetry/core';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { restingExporter } from './resting-exporter.js';

const SPANS = [{}, {}] as ReadableSpan[];

function setUp() {
  const said: string[] = [];
  const sent: ((result: ExportResult) => void)[] = [];
  const time = { ms: 1_000_000 };
  const inner: SpanExporter = { export: (_spans, done) => void sent.push(done), shutdown: async () => undefined };
  const exporter = restingExporter(inner, {
    clock: { now: () => time.ms },
    onRest: (error) => said.push(`rests: ${(error as Error).message}`),
    onRecovery: (dropped) => said.push(`works, ${dropped} dropped`),
    restMs: 1_000,
  });
  const results: ExportResult[] = [];
  const send = (answer?: 'fails' | 'works'): number => {
    exporter.export(SPANS, (result) => results.push(result));
    if (answer === 'works') sent.at(-1)?.({ code: ExportResultCode.SUCCESS });
    if (answer === 'fails') sent.at(-1)?.({ code: ExportResultCode.FAILED, error: new Error('no') });
    return sent.length;
  };
  return { exporter, said, time, send, sent, results };
}

describe('an exporter that fails', () => {
  it('is left alone for a while, and tried again after it; each change is told once, with what was dropped', () => {
    const { said, time, send, results } = setUp();
    expect(send('fails')).toBe(1);
    expect([send(), send()]).toEqual([1, 1]);
    expect(results.map(({ code }) => code)).toEqual([ExportResultCode.FAILED, ExportResultCode.FAILED, ExportResultCode.FAILED]);
    time.ms += 1_000;
    expect(send('fails')).toBe(2);
    expect(send()).toBe(2);
    time.ms += 1_000;
    expect([send('works'), send('works')]).toEqual([3, 4]);
    expect(said).toEqual(['rests: no', 'works, 10 dropped']);
    send('fails');
    expect(said.slice(2)).toEqual(['rests: no']);
  });

  it('is left alone when it takes too long, and is well again when it answers after all', () => {
    const { exporter, said, send, sent } = setUp();
    send();
    exporter.failed(new Error('late'));
    expect(send()).toBe(1);
    sent[0]?.({ code: ExportResultCode.SUCCESS });
    expect(send()).toBe(2);
    expect(said).toEqual(['rests: late', 'works, 2 dropped']);
  });

  it('is not left alone for ever by a clock that is put back', () => {
    const { time, send } = setUp();
    send('fails');
    time.ms -= 500_000;
    expect(send()).toBe(2);
  });
});
