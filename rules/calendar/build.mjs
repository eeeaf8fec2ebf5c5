// node rules/calendar/build.mjs OUT.c OUT.d: reads YYYY.json of this folder, refuses what contradicts itself, and writes the C table
// of src/govern/calendar.h. The same files give the same bytes; OUT.d names what was read. The form is docs/FORMATS.md, "Calendar".
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const [outC, outD] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const DAY = 86400000;
const text = (s) => JSON.stringify(s);
const refuse = (file, why) => {
	console.error(`rules/calendar/${file}: ${why}`);
	process.exit(1);
};
const members = (file, o, needed, allowed = []) => {
	for (const name of Object.keys(o).filter((n) => ![...needed, ...allowed].includes(n)))
		refuse(file, `unknown member ${name}`);
	for (const name of needed.filter((n) => o[n] === undefined))
		refuse(file, `${name} is missing in ${JSON.stringify(o)}`);
};
const dayOf = (file, s) => {
	const ms = Date.parse(`${s}T00:00:00Z`);
	if (!/^\d{4}-\d\d-\d\d$/.test(s) || Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== s)
		refuse(file, `${s} is no date`);
	return ms / DAY;
};
// 1970-01-01 was a Thursday.
const weekend = (day) => (day + 4) % 7 === 0 || (day + 4) % 7 === 6;

function readYear(file) {
	const y = JSON.parse(readFileSync(`${here}/${file}`, 'utf8'));
	members(file, y, ['year', 'notices', 'rests']);
	if (file !== `${y.year}.json`)
		refuse(file, `it says it is of ${y.year}`);
	const first = dayOf(file, `${y.year}-01-01`), days = dayOf(file, `${y.year + 1}-01-01`) - first;
	const off = Array.from({ length: days }, (_, i) => weekend(first + i));
	const named = new Set();
	const place = (s) => {
		const at = dayOf(file, s) - first;
		if (at < 0 || at >= days)
			refuse(file, `${s} is of another year`);
		if (named.has(at))
			refuse(file, `${s} stands twice`);
		named.add(at);
		return at;
	};
	for (const n of y.notices) {
		members(file, n, ['title', 'number', 'date', 'read', 'verified']);
		dayOf(file, n.date);
	}
	for (const r of y.rests) {
		members(file, r, ['zh', 'en', 'from', 'to'], ['work', 'notice']);
		if (y.notices[r.notice ?? 0] === undefined)
			refuse(file, `${r.zh}: there is no notice ${r.notice}`);
		r.days = [dayOf(file, r.from), dayOf(file, r.to)];
		if (r.days[0] > r.days[1])
			refuse(file, `${r.zh} ends before it begins`);
		for (let day = r.days[0]; day <= r.days[1]; day++)
			off[place(new Date(day * DAY).toISOString().slice(0, 10))] = true;
		for (const s of r.work ?? []) {
			const at = place(s);
			if (!weekend(first + at))
				refuse(file, `${s} is made up but no weekend`);
			off[at] = false;
		}
	}
	return { ...y, first, off };
}

const files = readdirSync(here).filter((n) => /^\d{4}\.json$/.test(n)).sort();
const years = files.map(readYear);
years.forEach((y, i) => {
	if (i > 0 && y.year !== years[i - 1].year + 1)
		refuse(files[i], `no file for ${y.year - 1}`);
});
const c = ['#include "govern/calendar.h"', ''];
for (const y of years) {
	y.notices.forEach((n) => Object.assign(n, { row: `\t{${[n.title, n.number, n.date, n.read].map(text).join(', ')}, ${n.verified === true}},` }));
	c.push(`static const struct calendar_notice notices_${y.year}[] = {`, ...y.notices.map((n) => n.row), '};');
	y.rests.forEach((r, i) => {
		if (r.work)
			c.push(`static const int64_t work_${y.year}_${i}[] = {${r.work.map((s) => dayOf('', s)).join(', ')}};`);
	});
	c.push(`static const struct calendar_rest rests_${y.year}[] = {`);
	y.rests.forEach((r, i) => c.push(`\t{${text(r.zh)}, ${text(r.en)}, ${r.days.join(', ')}, `
		+ `${r.work ? `work_${y.year}_${i}, ${r.work.length}` : '0, 0'}, &notices_${y.year}[${r.notice ?? 0}]},`));
	c.push('};');
}
c.push('const struct calendar_year calendar_years[] = {');
for (const y of years) {
	const words = Array(6).fill(0n);
	y.off.forEach((is, i) => { words[i >> 6] |= is ? 1n << BigInt(i & 63) : 0n; });
	c.push(`\t{${y.year}, ${y.first}, {${words.map((w) => `0x${w.toString(16)}u`).join(', ')}},`
		+ ` notices_${y.year}, ${y.notices.length}, rests_${y.year}, ${y.rests.length}},`);
}
c.push('};', `const size_t calendar_years_n = ${years.length};`, '');
writeFileSync(outC, c.join('\n'));
const read = [fileURLToPath(import.meta.url), ...files.map((n) => `${here}/${n}`)];
writeFileSync(outD, `${outC}: ${read.map((p) => p.replace(/ /g, '\\ ')).join(' ')}\n`);
