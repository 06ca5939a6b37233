/* Reached by dynamic import alone: functions and the other commands do without. */
export { findDrift, profilesPrefix, readProfile } from '@loadin/quality';
