#!/usr/bin/env node
// Each day of each year of the working-day calendar against the npm package chinese-days, an oracle of the tests alone.
'use strict';
const { execFileSync, spawnSync } = require('node:child_process');
let days;
try {
	days = require(`${process.cwd()}/node_modules/chinese-days`);
} catch {
	console.log('1..1\nok 1 # SKIP SKIPPED: node_modules/chinese-days is missing; tools/setup test installs it');
	process.exit(0);
}
const shugu = process.env.SHUGU;
let n = 0, failed = 0;
const ok = (held, what) => {
	console.log(`${held ? 'ok' : 'not ok'} ${++n} - ${what}`);
	failed += held ? 0 : 1;
};
const run = (...words) => spawnSync(shugu, ['calendar', ...words], { encoding: 'utf8' });
const iso = (ms) => new Date(ms).toISOString().slice(0, 10);
for (let year = 2018; year <= 2026; year++) {
	const list = JSON.parse(execFileSync(shugu, ['calendar', 'list', String(year), '--json'], { encoding: 'utf8' }));
	const off = new Set(list.off), wrong = [];
	let looked = 0;
	for (let ms = Date.UTC(year, 0, 1); ms < Date.UTC(year + 1, 0, 1); ms += 86400000, looked++) {
		if (days.isWorkday(iso(ms)) === off.has(iso(ms)))
			wrong.push(iso(ms));
	}
	ok(wrong.length === 0 && looked >= 365 && looked - off.size === list.workingDays, `${year}: ${looked} days as chinese-days has them ${wrong.join(' ')}`);
	ok(list.notices.length > 0 && list.notices.every((one) => /^国办发明电〔\d{4}〕\d+号$/.test(one.number) && one.verified && one.read), `${year} cites its notices`);
}
// Periods of working days, counted by an independent hand over the oracle.
let bad = 0;
for (let i = 0; i < 60; i++) {
	const start = Date.UTC(2018, 0, 1 + i * 51), count = 1 + i % 23;
	let ms = start, left = count;
	while (left > 0)
		left -= days.isWorkday(iso(ms += 86400000)) ? 1 : 0;
	const said = JSON.parse(run('add', iso(start), `${count}wd`, '--json', '--explain').stdout);
	bad += said.date === iso(ms) && Object.keys(said).pop() === 'date' && said.days.filter((d) => d.working).length === count ? 0 : 1;
}
ok(bad === 0, '60 periods of 1 to 23 working days end where chinese-days ends them, date last');
const refused = (words, slug, code) => {
	const r = run(...words, '--json');
	return r.status === code && (r.stdout + r.stderr).includes(slug);
};
ok(refused(['add', '2026-12-30', '5wd'], 'outside-calendar', 1) && refused(['list', '2027'], 'outside-calendar', 1)
	&& refused(['check', '2017-12-31'], 'outside-calendar', 1), 'a year without notice is refused');
ok(refused(['add', '2026-02-30', '5wd'], 'usage', 2) && refused(['add', '2026-04-15', '-5wd'], 'usage', 2)
	&& refused(['add', '2026-04-15', '5w'], 'usage', 2) && refused(['add', '2026-04-15'], 'usage', 2)
	&& refused(['forget', '2026'], 'usage', 2) && refused(['list', '26'], 'usage', 2), 'what is no date, period, year or verb is wrong usage');
ok(run('check', '2026-05-09').status === 0 && run('check', '2026-05-10').status === 1, 'check: 0 for a worked Saturday, 1 for a Sunday');
ok(run('add', '2026-10-07', '5y', '--plain').stdout === '2031-10-07\n', '--plain needs no calendar');
console.log(`1..${n}`);
process.exit(failed ? 1 : 0);
