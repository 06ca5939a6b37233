import { IsOptional } from 'class-validator';
import { IsText } from '../validation/constraints.js';

/** A page about an attraction elsewhere. Source: an entry of a list in an attraction's `externalLinks`; it has an address, an id, or both. */
export class AttractionLink {
  /** The list's name: `homepage`, `spotify`, `musicbrainz`, `wiki`, `youtube`, `instagram`, `facebook`, `twitter`, `itunes`, `lastfm`; new ones may come. */
  @IsText()
  service!: string;

  /** `url`, as the promoter typed it in. Null: the entry has only an id. */
  @IsOptional()
  @IsText()
  url!: string | null;

  /** `id`, the service's own; given for `musicbrainz`. Null: the entry has only an address. */
  @IsOptional()
  @IsText()
  external_id!: string | null;
}
