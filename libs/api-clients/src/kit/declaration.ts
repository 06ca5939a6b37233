import type { Rule } from '../http/rules.js';
import type { SourceRate } from '../rate/lowered.js';
import type { ParamsOf } from './inference.js';
import type { Paging } from './paging-kinds.js';
import type { List, One, Path } from './shape.js';
import type { WindowsOf } from './windowed.js';

/**
 * A source over HTTP, as data. `defineSource` takes it and infers the types of endpoints, parameters, items and credentials from it; what
 * doesn't fit together doesn't compile.
 */
export interface SourceDeclaration<A extends AuthDeclaration, E extends Endpoints, S> {
  /** The folder in the lake and the first part of stream ids: `setlists`. */
  readonly name: string;
  /** For messages: `Setlist API`. */
  readonly title: string;
  /** `https://api.setlists.example/v1`; the paths of the endpoints are added to it. */
  readonly baseUrl: string;
  readonly auth: A;
  /** How often the service may be called. */
  readonly rate: RateDeclaration;
  /**
   * What to do about which failure; the first line that matches counts. After these come lines for refused credentials, for what the endpoints
   * declare (`optional`, `absent`), and for what HTTP itself says. Default: those alone.
   */
  readonly failures?: readonly FailureRule<NoInfer<keyof E & string>>[];
  /** Names of the settings that messages point to. */
  readonly settings: SettingNames;
  readonly endpoints: E;
  /** What is read into the lake. Default: nothing, the source is only a client. */
  readonly streams?: S;
}

/** How the service knows who calls; `connect` asks for the credentials that belong to it. */
export type AuthDeclaration =
  | { readonly kind: 'none' }
  | { readonly kind: 'api-key'; readonly in: 'query'; readonly name: string; readonly scheme?: never; readonly form?: CredentialForm }
  /** `scheme`: a word before the key, `Bearer` in `Authorization: Bearer …`. Default: the key alone. */
  | { readonly kind: 'api-key'; readonly in: 'header'; readonly name: string; readonly scheme?: string; readonly form?: CredentialForm }
  | { readonly kind: 'client-credentials'; readonly tokens: TokenService };

/** What every key of a service looks like. Another one is refused before it is sent, by an error that names the settings and never the key. */
export interface CredentialForm {
  readonly matches: RegExp;
  /** For messages: `20 to 128 letters and digits`. */
  readonly is: string;
}

/** Where OAuth access tokens come from (RFC 6749 §4.4). */
export interface TokenService {
  /** For messages: `Spotify accounts`. */
  readonly title: string;
  readonly baseUrl: string;
  readonly path: `/${string}`;
  /** Name of the setting with its base URL. */
  readonly setting: string;
  readonly failures?: readonly Rule[];
}

export interface RateDeclaration extends SourceRate {
  /** Calls that may wait for their answers at the same time. Default 4: enough to keep a limit of 20 a second busy at 200 ms latency. */
  readonly maxInFlight?: number;
}

export interface SettingNames {
  readonly baseUrl: string;
  /** Default: none, for services without credentials. */
  readonly credentials?: readonly string[];
}

/** A line of the failure table that can only name endpoints that there are. */
export type FailureRule<Name extends string> = Omit<Rule, 'endpoints'> & { readonly endpoints?: readonly Name[] };

export type Endpoints = Readonly<Record<string, EndpointDeclaration>>;
export type EndpointDeclaration = OneEndpoint | ListEndpoint;

interface AnyEndpoint {
  /** `/artists/{id}/setlists`: what is in braces is a parameter that every call needs. Empty: the base URL is the endpoint. */
  readonly path: `/${string}` | '';
  /** Parameters of the query. Default: none. `any`: whatever the caller gives. */
  readonly params?: ParamWords | 'any';
  /** Sent with every call that doesn't give them itself. */
  readonly query?: Readonly<Record<string, string | number>>;
  /** Codes of refusals that mean "there is none": the value is `null`, a list is empty. `not-found` is a 404. Default: every refusal is an error. */
  readonly absent?: readonly string[];
  /**
   * Some credentials don't get this endpoint. Says so in the report, and means: a first 403 or 404 is found out once, kept in
   * `client.capabilities`, and never asked again; values are `null`, lists empty. Default: a refusal is an error.
   */
  readonly optional?: string;
  /**
   * For an optional endpoint about one thing: another endpoint that finds the thing by the same placeholders. A first 404 here can mean "not for
   * this app" or "there is no such thing"; that one tells which. Default: it means the app.
   */
  readonly foundBy?: string;
}

export interface OneEndpoint extends AnyEndpoint {
  readonly answer: One<unknown>;
  readonly paging?: never;
}

export interface ListEndpoint extends AnyEndpoint {
  readonly answer: List<unknown, unknown>;
  readonly paging: Paging;
}

/** `number?`: a number that may be left out. */
export type ParamWord = 'string' | 'number' | 'boolean' | 'string?' | 'number?' | 'boolean?';
export type ParamWords = Readonly<Record<string, ParamWord>>;

export type ListNames<E extends Endpoints> = { [N in keyof E]: E[N] extends ListEndpoint ? N : never }[keyof E] & string;

/** What is read into the lake of one endpoint: `{source}.{stream}`. */
export type StreamDeclaration<E extends Endpoints> = { [N in ListNames<E>]: StreamOn<E[N], N> }[ListNames<E>];

interface StreamOn<D extends EndpointDeclaration, N> {
  readonly endpoint: N;
  /** Folder in the lake. Default: the stream's name. */
  readonly dataType?: string;
  /** Where in a record its id is. */
  readonly key: Path;
  /** The same in every run. Default: none. */
  readonly params?: Partial<ParamsOf<D>>;
  /** The parameter that the stream goes through; its values are given to `source.stream`. Default: the stream is read by one list of pages. */
  readonly partition?: PartitionDeclaration<keyof ParamsOf<D> & string>;
  /** For searches that give no more than their first so many items: how they are cut into smaller ones. Default: they are not, and a note says what is missing. */
  readonly windows?: WindowsOf<D>;
}

export interface PartitionDeclaration<Parameter extends string = string> {
  readonly parameter: Parameter;
  /**
   * Where a record says which value it belongs to: then each value is a slice of its own, read side by side with the others, and a record that
   * belongs to another value is left to that one. Default: records of several values may be the same, so all values are one slice.
   */
  readonly owner?: Path;
}
