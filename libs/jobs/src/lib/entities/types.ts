import type { SecretStore, Settings, SinkOptions } from '@loadin/config';
import type { Clock, StateStore, Stream } from '@loadin/pipeline';
import type { BronzeEntity } from '../bronze/types.js';

/** With what entities are read. */
export interface EntityContext {
  readonly settings: Settings;
  readonly secrets: SecretStore;
  readonly sinkOptions: Readonly<SinkOptions>;
  readonly clock: Clock;
  /** Where calls are counted. Default: this process counts its own. */
  readonly state?: StateStore;
}

/** An entity as its source gives it, and as its loader takes it. */
export interface OpenEntity {
  readonly stream: Stream;
  readonly entity: BronzeEntity;
}
