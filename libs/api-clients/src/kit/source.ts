import type { Clock, Json, Note, Stream } from '@loadin/pipeline';
import type { Credential } from '../http/credential.js';
import type { CallOptions, HttpLimits } from '../http/types.js';
import type { SharedQuota } from '../rate/quota-types.js';
import type { Capability } from './capabilities.js';
import type { AuthDeclaration, Endpoints, ListNames, SourceDeclaration, StreamDeclaration } from './declaration.js';
import type { BodyOf, CallArguments, IsSince, ItemOf, ParamsOf, ValueOf } from './inference.js';

/** A declared source: makes clients and streams. */
export interface Source<A extends AuthDeclaration, E extends Endpoints, S extends Readonly<Record<string, StreamDeclaration<E>>>> {
  readonly name: string;
  readonly declaration: SourceDeclaration<A, E, S>;
  /** A client. Makes no call. Throws `FatalError` when an option can't be right. */
  connect(...options: ConnectArguments<A>): SourceClient<E>;
  /** A stream for `runJob`. */
  stream<N extends keyof S & string>(name: N, options: StreamOptions<E, S[N]>): Stream;
}

export interface ConnectOptions extends HttpLimits {
  /** Another address of the same service. Default: the declared one. */
  readonly baseUrl?: string;
  /** Calls a minute (`API_RATE_LIMIT_REQUESTS`); lowers the source's own limits, never raises them. Default: the source's limits. */
  readonly rateLimitPerMinute?: number;
  /** Runs that are given the same store share one budget of calls. Default: this process counts alone. */
  readonly quota?: SharedQuota;
  /** Default: the system's clock. */
  readonly clock?: Clock;
  /** Numbers in [0, 1) for the jitter of retries. Default `Math.random`. */
  readonly random?: () => number;
}

/** The credentials that an authentication needs, and no others. A secret is text, or where to get it from when it can change meanwhile. */
export type CredentialsOf<A extends AuthDeclaration> = A extends { readonly kind: 'api-key' }
  ? NoClientCredentials & { readonly apiKey: string | Credential }
  : A extends { readonly kind: 'client-credentials' }
    ? {
        readonly apiKey?: never;
        readonly clientId: string | Credential;
        readonly clientSecret: string | Credential;
        /** Another address of the token service. Default: the declared one. */
        readonly tokenUrl?: string;
      }
    : NoClientCredentials & { readonly apiKey?: never };

interface NoClientCredentials {
  readonly clientId?: never;
  readonly clientSecret?: never;
  readonly tokenUrl?: never;
}

type ConnectArguments<A extends AuthDeclaration> = A extends { readonly kind: 'none' }
  ? [options?: ConnectOptions & CredentialsOf<A>]
  : [options: ConnectOptions & CredentialsOf<A>];

type OneNames<E extends Endpoints> = Exclude<keyof E & string, ListNames<E>>;

export interface SourceClient<E extends Endpoints> {
  /** One value. */
  get<N extends OneNames<E>>(endpoint: N, ...call: CallArguments<E[N], CallOptions>): Promise<SourceAnswer<ValueOf<E[N]>>>;
  /** One page of a list: the first, or the one at `options.at`. */
  page<N extends ListNames<E>>(endpoint: N, ...call: CallArguments<E[N], PageOptions>): Promise<SourcePage<ItemOf<E[N]>, BodyOf<E[N]>>>;
  /** The pages of a list, each asked for when the consumer wants it. */
  pages<N extends ListNames<E>>(endpoint: N, ...call: CallArguments<E[N], PageOptions>): AsyncGenerator<SourcePage<ItemOf<E[N]>, BodyOf<E[N]>>>;
  /** Optional endpoints that the credentials turned out not to get. */
  readonly capabilities: readonly Capability<keyof E & string>[];
  /** Gives back what it holds of a shared quota, and closes idle connections. Never rejects. */
  close(): Promise<void>;
}

export interface SourceAnswer<T> {
  readonly value: T;
  /** `GET /v1/artists/7`: without credentials. */
  readonly request: string;
}

export interface SourcePage<Item, Body> {
  /** Null entries included. */
  readonly items: readonly (Item | null)[];
  /** The whole answer: totals and the like. */
  readonly body: Body;
  /** Position of the next page: small JSON for `at`; `null` after the last. */
  readonly next: Json;
  readonly request: string;
  /** Something that the reader of a report must know. */
  readonly notes?: readonly Note[];
}

export interface PageOptions extends CallOptions {
  /** The `next` of the page before. Default `null`: the first page. */
  readonly at?: Json;
  /** Items to ask for, for services that accept fewer than is declared. Default: the declared number. */
  readonly size?: number;
  /** Lists by `since`: records with an earlier cursor are left out, also where the call asks for some. Default: none are. */
  readonly from?: string;
  /** Lists by `since`: records with a later cursor are left out. Default: none are. */
  readonly until?: string;
  /** Only for times: seconds before the checkpoint from which a run reads again. Default: the declared `lookBackSeconds`. */
  readonly lookBackSeconds?: number;
}

type Given<S> = S extends { readonly params: infer P } ? keyof P : never;
type Partitioned<S> = S extends { readonly partition: { readonly parameter: infer P extends string } } ? P : never;
type SinceOf<D> = D extends { readonly paging: { readonly kind: 'since'; readonly parameter: infer P extends string } } ? P : never;
type EndpointOf<E extends Endpoints, S extends StreamDeclaration<E>> = E[S['endpoint']];
/** The endpoint's parameters that neither the stream nor the run decides. */
type LeftOf<E extends Endpoints, S extends StreamDeclaration<E>> = Omit<
  ParamsOf<EndpointOf<E, S>>,
  Given<S> | Partitioned<S> | SinceOf<EndpointOf<E, S>>
>;

export type StreamOptions<E extends Endpoints, S extends StreamDeclaration<E>> = {
  readonly client: SourceClient<E>;
} & (S extends { readonly partition: object }
  ? {
      /** What the partition's parameter goes through. */
      readonly values: readonly (string | number)[];
    }
  : { readonly values?: never }) &
  (Partial<LeftOf<E, S>> extends LeftOf<E, S> ? { readonly params?: LeftOf<E, S> } : { readonly params: LeftOf<E, S> }) &
  (S extends { readonly windows: { readonly time: object } } ? HorizonOptions : { readonly horizonDays?: never; readonly lookBackDays?: never }) &
  (IsSince<EndpointOf<E, S>> extends true ? SinceOptions : { readonly since?: never; readonly until?: never; readonly lookBackSeconds?: never });

export interface HorizonOptions {
  /** How far ahead of a run's scheduled time a search by windows reads. */
  readonly horizonDays: number;
  /** How far before it. Default 0. */
  readonly lookBackDays?: number;
}

export interface SinceOptions {
  /**
   * The cursor to begin with while there is no checkpoint, and in a full refresh; from then on each run goes on where the ones before it have come to. Default: the
   * declared `begin`, else the parameter is left out: everything is read.
   */
  readonly since?: string;
  /**
   * The latest cursor of a run. Default: for times its scheduled time less the declared `lagSeconds`, else none: then a record that changes while it is read comes
   * twice, a run delivers the first, and the next run goes on from there.
   */
  readonly until?: string;
}
