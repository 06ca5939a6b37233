import { FatalError } from '@loadin/resilience';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseSchedule } from '../expressions/parse-schedule.js';
import { crontabText } from './crontab-text.js';
import { systemdUnits } from './systemd-units.js';
import type { JobCommand } from './types.js';

const jobOf = (job: string, expression: string, zone = 'UTC'): JobCommand => ({
  job,
  schedule: parseSchedule(expression, { zone }),
  command: ['/usr/bin/node', '/opt/loadin/bin/loadin.mjs', 'run', job, '--due'],
});
const daily = jobOf('daily', 'cron(0 2 * * ? *)');
const halfDays = jobOf('half', 'rate(90 minutes)');
const workday = jobOf('late', 'cron(0 4 LW * ? *)');

describe('a crontab', () => {
  it('runs each job when it is due, in its folder', () => {
    expect(crontabText([daily, halfDays], { folder: '/srv/loadin', zone: 'UTC' })).toEqual({
      refused: [],
      text: `# daily: cron(0 2 * * ? *)
0 2 * * * cd /srv/loadin && /usr/bin/node /opt/loadin/bin/loadin.mjs run daily --due
# half: rate(90 minutes)
0 */3 * * * cd /srv/loadin && /usr/bin/node /opt/loadin/bin/loadin.mjs run half --due
30 1-23/3 * * * cd /srv/loadin && /usr/bin/node /opt/loadin/bin/loadin.mjs run half --due
`,
    });
  });

  it('says what it leaves out, and why', () => {
    const { text, refused } = crontabText([workday, daily], { folder: '/srv/loadin', zone: 'Europe/Stockholm' });
    expect(text).toBe(`# late, cron(0 4 LW * ? *): not here, because a crontab knows no nearest working day
# daily, cron(0 2 * * ? *): not here, because its times are of UTC, and cron goes by Europe/Stockholm
`);
    expect(refused.map(({ job }) => job)).toEqual(['late', 'daily']);
  });

  it('names the zone of each job for a cron that reads it', () => {
    const { text, refused } = crontabText([daily, jobOf('office', '0 9 * * MON-FRI', 'Europe/Stockholm')], {
      folder: '/srv',
      zone: 'Asia/Tokyo',
      cronTz: true,
    });
    expect(refused).toEqual([]);
    expect(text.match(/^(?:CRON_TZ=.*|[\d*].*?(?= cd ))/gm)).toEqual(['CRON_TZ=UTC', '0 2 * * *', 'CRON_TZ=Europe/Stockholm', '0 9 * * 1-5']);
  });

  it('is a line that sh reads as it is meant, whatever the names', () => {
    const dir = mkdtempSync(join(tmpdir(), "it's 100% "));
    try {
      const [environmentFile, program] = [join(dir, 'loadin.env'), join(dir, 'run $HOME.sh')];
      writeFileSync(environmentFile, 'GREETING="hello there"\n');
      writeFileSync(program, '#!/bin/sh\necho "$GREETING $1 $PWD"\n', { mode: 0o755 });
      const job: JobCommand = { ...daily, command: [program, 'a "quoted" word'] };
      const { text } = crontabText([job], { folder: dir, environmentFile, logFolder: dir, zone: 'UTC' });
      const line = text.trim().split('\n').at(-1) ?? '';
      expect(line).not.toMatch(/(?<!\\)%/);
      execFileSync('/bin/sh', ['-c', line.replace('0 2 * * * ', '').replaceAll('\\%', '%')], { cwd: '/' });
      expect(readFileSync(join(dir, 'daily.log'), 'utf8')).toBe(`hello there a "quoted" word ${dir}\n`);
    } finally {
      rmSync(dir, { recursive: true });
    }
  });
});

describe('units of systemd', () => {
  it('are a service and a timer for each job', () => {
    const place = { folder: '/srv/loadin', environmentFile: '/etc/loadin/loadin.env', user: 'loadin' };
    const { files, refused } = systemdUnits([daily, workday], { ...place, restart: { seconds: 300, not: [1, 2] } });
    expect(refused).toEqual([{ job: 'late', reason: 'systemd knows no nearest working day' }]);
    expect(files.map(({ name }) => name)).toEqual(['loadin-daily.service', 'loadin-daily.timer']);
    expect(files[0]?.text).toBe(`[Unit]
Description=Loadin: the job daily
Wants=network-online.target
After=network-online.target

[Service]
Type=oneshot
User=loadin
WorkingDirectory=/srv/loadin
EnvironmentFile=/etc/loadin/loadin.env
ExecStart=/usr/bin/node /opt/loadin/bin/loadin.mjs run daily --due
Restart=on-failure
RestartPreventExitStatus=1 2
RestartSec=300
TimeoutStopSec=300
`);
    expect(files[1]?.text).toBe(`[Unit]
Description=Loadin: when the job daily is due, cron(0 2 * * ? *)

[Timer]
OnCalendar=*-*-* 02:00:00 UTC
Persistent=true
AccuracySec=1s
Unit=loadin-daily.service

[Install]
WantedBy=timers.target
`);
  });

  it('have a line for each calendar, and names that mean themselves', () => {
    const job: JobCommand = { ...halfDays, command: ['/opt/100% $HOME/node', 'a "$word"', 'plain'] };
    const [service, timer] = systemdUnits([job], { folder: '/srv/100%' }).files;
    expect(service?.text).toContain('WorkingDirectory=/srv/100%%\nExecStart="/opt/100%% $HOME/node" "a \\"$$word\\"" plain\n');
    expect(timer?.text).toContain('OnCalendar=*-*-* 00/3:00:00 UTC\nOnCalendar=*-*-* 01/3:30:00 UTC\n');
  });
});

it.each([
  ['The folder must be an absolute path, is "srv"', { folder: 'srv' }, daily],
  ['The environment file must be an absolute path, is ".env"', { folder: '/srv', environmentFile: '.env' }, daily],
  ['The program must be an absolute path, is "node"', { folder: '/srv' }, { ...daily, command: ['node'] as const }],
  ['The folder has a line break in its name', { folder: '/srv\n* * * * * rm' }, daily],
])('neither is written when it would not work: %s', (message, place, job) => {
  expect(() => crontabText([job], { ...place, zone: 'UTC' })).toThrow(new FatalError(message));
  expect(() => systemdUnits([job], place)).toThrow(message);
});
