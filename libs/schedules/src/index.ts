export { parseSchedule, scheduleFault, type ParseScheduleOptions } from './lib/expressions/parse-schedule.js';
export { dueTimes, latestDueTime, nextDueTime } from './lib/times/due-times.js';
export { everyHours, runsPerMonth } from './lib/times/even-steps.js';
export { toCrontab, type ToCrontabOptions } from './lib/translate/to-crontab.js';
export { toEventBridge, type EventBridgeSchedule } from './lib/translate/to-eventbridge.js';
export { toSystemdCalendar, type ToSystemdOptions } from './lib/translate/to-systemd.js';
export type * from './lib/types.js';
export { runScheduler } from './lib/scheduler/run-scheduler.js';
export type {
  Attempt,
  Remembered,
  RunningRun,
  ScheduledJob,
  SchedulerOptions,
  SchedulerResult,
  SchedulerState,
  StartRun,
} from './lib/scheduler/types.js';
export { crontabText, type CrontabOptions } from './lib/units/crontab-text.js';
export { systemdUnits, type SystemdOptions, type UnitFile } from './lib/units/systemd-units.js';
export type { CommandPlace, JobCommand, Refused } from './lib/units/types.js';
