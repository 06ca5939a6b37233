import { AlwaysOffSampler, AlwaysOnSampler, ParentBasedSampler, TraceIdRatioBasedSampler, type Sampler } from '@opentelemetry/sdk-trace';

const ROOTS: Readonly<Record<string, (ratio: number) => Sampler>> = {
  always_on: () => new AlwaysOnSampler(),
  always_off: () => new AlwaysOffSampler(),
  traceidratio: (ratio) => new TraceIdRatioBasedSampler(ratio),
};

/** The specification's default: who called decides, and what nobody called is recorded. */
const DEFAULT = 'parentbased_always_on';

/**
 * `OTEL_TRACES_SAMPLER` and `OTEL_TRACES_SAMPLER_ARG` (https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration). What is
 * not understood is told and left aside, as the specification asks.
 */
export function samplerOf(env: Readonly<Record<string, string | undefined>>, warn: (message: string) => void): Sampler {
  const name = env['OTEL_TRACES_SAMPLER']?.trim().toLowerCase() || DEFAULT;
  const kind = name.replace(/^parentbased_/, '');
  const make = Object.hasOwn(ROOTS, kind) ? ROOTS[kind] : undefined;
  if (make === undefined) {
    warn(
      `OTEL_TRACES_SAMPLER is "${name}", which is not known here: ${DEFAULT} is used. There are always_on, always_off, traceidratio, and each with parentbased_ before it.`,
    );
    return samplerOf({}, warn);
  }
  const root = make(kind === 'traceidratio' ? ratioOf(env, warn) : 1);
  return name === kind ? root : new ParentBasedSampler({ root });
}

function ratioOf(env: Readonly<Record<string, string | undefined>>, warn: (message: string) => void): number {
  const text = env['OTEL_TRACES_SAMPLER_ARG']?.trim();
  if (!text) return 1;
  const ratio = Number(text);
  if (ratio >= 0 && ratio <= 1) return ratio;
  warn(`OTEL_TRACES_SAMPLER_ARG is "${text}", which is no number from 0 to 1: 1 is used.`);
  return 1;
}
