import type { Page } from '@loadin/pipeline';
import type { WindowReadOptions } from './types.js';

export type ReadWindows = (read: WindowReadOptions) => AsyncGenerator<Page>;
