import type { Json } from '@loadin/pipeline';
import type { CallOptions } from '../http/types.js';
import type { AuthDeclaration, Endpoints, RateDeclaration, SettingNames } from './declaration.js';
import type { PageOptions, SourceAnswer, SourcePage } from './source.js';
import type { Capability } from './capabilities.js';
import type { Rule } from '../http/rules.js';
import type { Path } from './shape.js';
import type { StreamWindows } from './windowed.js';

/*
 * What is behind the inferred types: inside the kit endpoints are names and parameters are a record. `defineSource` is the one place where
 * the two meet.
 */

export interface AnySource {
  readonly name: string;
  readonly title: string;
  readonly baseUrl: string;
  readonly auth: AuthDeclaration;
  readonly rate: RateDeclaration;
  readonly failures?: readonly Rule[];
  readonly settings: SettingNames;
  readonly endpoints: Endpoints;
  readonly streams?: Readonly<Record<string, AnyStream>>;
}

export type Params = Readonly<Record<string, string | number | boolean | undefined>>;

export interface AnyStream {
  readonly endpoint: string;
  readonly dataType?: string;
  readonly key: Path;
  readonly params?: Params;
  readonly partition?: { readonly parameter: string; readonly owner?: Path };
  readonly windows?: StreamWindows;
}

export type AnyPage = SourcePage<Json, unknown>;

export interface AnyClient {
  get(endpoint: string, params?: Params, options?: CallOptions): Promise<SourceAnswer<unknown>>;
  page(endpoint: string, params?: Params, options?: PageOptions): Promise<AnyPage>;
  pages(endpoint: string, params?: Params, options?: PageOptions): AsyncGenerator<AnyPage>;
  readonly capabilities: readonly Capability[];
  close(): Promise<void>;
}

export interface AnyStreamOptions {
  readonly client: AnyClient;
  readonly values?: readonly (string | number)[];
  readonly params?: Params;
  readonly since?: string;
  readonly until?: string;
  readonly lookBackSeconds?: number;
  readonly horizonDays?: number;
  readonly lookBackDays?: number;
}
