import { createHash } from 'node:crypto';

/** Whose calls are counted, and over how long. */
export interface QuotaWindow {
  /** `ticketmaster` */
  readonly source: string;
  /** The API key or client id that the calls use. */
  readonly account: string;
  readonly windowMs: number;
}

/** Where a shared budget is counted in a state store. The account is in it as a fingerprint, never itself. */
export const quotaKey = ({ source, account, windowMs }: QuotaWindow): string => `quota/${source}/${fingerprintOf(account)}/${nameOf(windowMs)}`;

/** Whose budget it is, without saying it: the credential itself is in no store. */
export const fingerprintOf = (account: string): string => createHash('sha256').update(account).digest('hex').slice(0, 16);

/** `86400s`, `1s`, `1500ms`: windows of one length are one budget. */
const nameOf = (windowMs: number): string => (windowMs % 1000 === 0 ? `${windowMs / 1000}s` : `${windowMs}ms`);
