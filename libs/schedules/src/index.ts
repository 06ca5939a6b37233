export { parseSchedule, scheduleFault, type ParseScheduleOptions } from './lib/expressions/parse-schedule.js';
export { dueTimes, latestDueTime, nextDueTime } from './lib/times/due-times.js';
export { everyHours, runsPerMonth } from './lib/times/even-steps.js';
export { toCrontab, type ToCrontabOptions } from './lib/translate/to-crontab.js';
export { toEventBridge, type EventBridgeSchedule } from './lib/translate/to-eventbridge.js';
export { toSystemdCalendar, type ToSystemdOptions } from './lib/translate/to-systemd.js';
export type * from './lib/types.js';
