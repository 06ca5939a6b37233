/** What a span or an event says, by name. What is undefined is left out; texts are redacted, however they came here. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Who is on the other side, by OpenTelemetry's span kinds: `client` asks another system, `server` answers a call from outside, `consumer` takes messages, `internal` is
 * everything else.
 */
export type SpanKindName = 'internal' | 'client' | 'server' | 'consumer';

export interface SpanOptions {
  /** Default: `internal`. */
  readonly kind?: SpanKindName;
}

/** A piece of work under way. Without a tracer all of it does nothing. */
export interface OpenSpan {
  /** Something that happened now. */
  event(name: string, attributes?: SpanAttributes): void;
  set(attributes: SpanAttributes): void;
  /** The work came to nothing. A stop on purpose (an error whose `action` is `stop`) is noted and is no failure. */
  fail(error: unknown): void;
}
