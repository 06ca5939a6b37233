import { parseSchedule, scheduleFault as faultOf, toEventBridge } from '@loadin/schedules';
import type { Fault } from '../jobs-file/items.js';

/** What keeps a schedule of the right form from ever being taken by EventBridge, in words; `undefined` when nothing does. */
export function scheduleFault(schedule: string): string | undefined {
  const fault = faultOf(schedule);
  return fault === undefined ? undefined : `is no time: in ${schedule} ${fault}`;
}

/** Whether there is such a zone. */
export const isTimeZone = (zone: string): boolean => faultOf('rate(1 day)', { zone }) === undefined;

/** A crontab line is nearly a schedule; of a cron(…) or a rate(…) it can be said what is wrong with it. */
export function formFault(value: unknown): Fault[] {
  if (typeof value !== 'string') return [];
  if (!/^(?:cron|rate)\(.*\)$/.test(value)) return crontabFault(value);
  const fault = faultOf(value);
  return fault === undefined ? [] : [{ message: `can't be used: ${fault}` }];
}

function crontabFault(value: string): Fault[] {
  if (!/^\S+(?: \S+){4}$/.test(value)) return [];
  const said = 'must be an EventBridge schedule, not a crontab line';
  const translated = faultOf(value) === undefined ? toEventBridge(parseSchedule(value)) : undefined;
  return [{ message: translated?.exact === true ? `${said}: write ${translated.value.expression}` : `${said}, such as cron(0 2 * * ? *)` }];
}
