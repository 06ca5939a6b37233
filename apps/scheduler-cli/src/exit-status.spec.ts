import { exitStatusOf } from './exit-status.js';
import { ledgerOf, reportOf, streamReportOf } from './report.fixture.js';

const refused = { name: 'FatalError', action: 'fatal', message: 'the key is refused' } as const;

describe('the exit status of a run', () => {
  it('is 0 when everything arrived', () => {
    expect(exitStatusOf(reportOf())).toBe(0);
  });

  it('is 0 when the run was complete before, whatever its stored report says', () => {
    expect(exitStatusOf(reportOf({ already_complete: true, problems: ['events: 12 of 100 records were rejected'] }))).toBe(0);
  });

  it('is 1 when it failed, and when it is complete with less than was promised', () => {
    expect(exitStatusOf(reportOf({ status: 'failed', problems: ['…'] }))).toBe(1);
    expect(exitStatusOf(reportOf({ problems: ['ticketmaster.venues: 12 can not be reached'] }))).toBe(1);
  });

  it('is 2 when credentials were refused before any page was read', () => {
    const nothing = { status: 'failed', error: refused, ledger: ledgerOf(0, { pages: 0 }) } as const;
    const streams = [streamReportOf('spotify.artists', nothing), streamReportOf('ticketmaster.events', { ledger: ledgerOf(0, { pages: 0 }) })];
    expect(exitStatusOf(reportOf({ status: 'failed', streams }))).toBe(2);
  });

  it('is 1 when credentials were refused but another source was read', () => {
    const streams = [
      streamReportOf('spotify.artists', { status: 'failed', error: refused, ledger: ledgerOf(0, { pages: 0 }) }),
      streamReportOf('ticketmaster.events'),
    ];
    expect(exitStatusOf(reportOf({ status: 'failed', streams }))).toBe(1);
  });

  it('is 1 when an entity of bronze failed beside others, also when those had nothing new; 2 when none could be read', () => {
    const loaded = { loader: 's3_bronze', ledger: ledgerOf(0, { pages: 0 }) } as const;
    const failed = streamReportOf('postgres.orders', { ...loaded, status: 'failed', error: refused });
    expect(exitStatusOf(reportOf({ status: 'failed', streams: [failed, streamReportOf('postgres.customers', loaded)] }))).toBe(1);
    expect(exitStatusOf(reportOf({ status: 'failed', streams: [failed, failed] }))).toBe(2);
  });

  it('is 3 when the same command goes on', () => {
    expect(exitStatusOf(reportOf({ status: 'stopped', reason: 'cancelled', problems: ['…'] }))).toBe(3);
  });
});
