// Our canonical writer against npm's canonicalize (RFC 8785) on generated documents, spelled in many ways. In the subset of
// docs/FORMATS.md, 1, both give the same bytes; what lies outside it (null, a number that is not an integer within
// 2^53 - 1 written plainly, U+0000) is refused. TAP. Argument: the program `conformance_canonical`.
import { spawnSync } from 'node:child_process';
import canonicalize from 'canonicalize';

const COUNT = 20000;
let seed = 2463534242;	// the same documents in each run
function below(n) {
	seed ^= seed << 13;
	seed ^= seed >>> 17;
	seed ^= seed << 5;
	return (seed >>> 0) % n;
}
const pick = (list) => list[below(list.length)];

// Code points where escaping, UTF-8 length or UTF-16 order changes.
const points = [1, 8, 9, 10, 11, 12, 13, 0x1f, 0x20, 0x22, 0x2f, 0x30, 0x41, 0x5c, 0x61, 0x7e, 0x7f, 0x80, 0xe9, 0x7ff, 0x800,
	0x2028, 0x20ac, 0x4e00, 0xd7ff, 0xe000, 0xfb33, 0xfeff, 0xfffd, 0xffff, 0x10000, 0x1f600, 0x10ffff];
const text = () => Array.from({ length: below(6) }, () => String.fromCodePoint(pick(points))).join('');
const integers = [0, 1, -1, 7, 255, -65536, 1e15, 2 ** 53 - 1, -(2 ** 53 - 1)];

// Whether one value that lies outside the subset is still to be put in.
let wantOutside;
function isOutside(v) {
	if (typeof v === 'string') return v.includes('\0');
	if (typeof v === 'number') return !Number.isSafeInteger(v);
	return v === null || (typeof v === 'object' && Object.values(v).some(isOutside));
}
function value(depth) {
	const kind = below(depth > 5 ? 4 : 7);
	if (wantOutside && below(12) === 0) {
		wantOutside = false;
		return pick([null, 0.5, -1.25, 2 ** 53, 1e21, 'x\0y']);
	}
	if (kind < 2) return text();
	if (kind === 2) return below(3) ? pick(integers) : below(2 ** 31) - 2 ** 30;
	if (kind === 3) return below(2) === 0;
	if (kind === 4) return Array.from({ length: below(5) }, () => value(depth + 1));
	return Object.fromEntries(Array.from({ length: below(9) }, () => [text(), value(depth + 1)]));
}

const space = () => pick(['', '', '', ' ', '\t', '\r', '   ']);
const hex = (unit) => '\\u' + pick([(s) => s, (s) => s.toUpperCase()])(unit.toString(16).padStart(4, '0'));
function spellText(s) {
	let out = '"';
	for (const ch of s) {
		const plain = JSON.stringify(ch).slice(1, -1);
		const units = Array.from({ length: ch.length }, (_, i) => ch.charCodeAt(i));
		out += below(4) === 0 ? units.map(hex).join('') : ch === '/' && below(2) ? '\\/' : plain;
	}
	return out + '"';
}
// A spelling other than the canonical one: members in any order, space, escapes.
function spell(v) {
	const list = (open, items, close) => open + space() + items.join(space() + ',' + space()) + space() + close;
	if (typeof v === 'string') return spellText(v);
	if (v === null || typeof v !== 'object') return JSON.stringify(v);
	if (Array.isArray(v)) return list('[', v.map(spell), ']');
	const members = Object.entries(v).sort(() => below(3) - 1);
	return list('{', members.map(([k, m]) => spellText(k) + space() + ':' + space() + spell(m)), '}');
}

const lines = [], wanted = [];
for (let i = 0; i < COUNT; i++) {
	wantOutside = i % 5 === 0;
	const v = value(0);
	lines.push(space() + spell(v) + space());
	wanted.push(isOutside(v) ? 'refused' : canonicalize(v));
}
// Numbers that JavaScript reads as integers, spelled in a way that the subset does not have.
for (const odd of ['1.0', '1e2', '-0', '10E0', '9007199254740993', '[1.50]']) {
	lines.push(odd);
	wanted.push('refused');
}

const ran = spawnSync(process.argv[2], { input: lines.join('\n') + '\n', maxBuffer: 1 << 28 });
const got = ran.stdout ? ran.stdout.toString().split('\n') : [];
let made = 0, failed = 0;
function ok(held, what) {
	made++;
	failed += held ? 0 : 1;
	console.log(`${held ? '' : 'not '}ok ${made} - ${what}`);
}
const wrong = (refused) => lines.flatMap((line, i) => (wanted[i] === 'refused') === refused && got[i] !== wanted[i] ? [i] : []);
const report = (list) => list.slice(0, 5).forEach((i) => console.log(`# ${lines[i]}\n#   got ${got[i]}\n#   want ${wanted[i]}`));
ok(ran.status === 0 && got.length === lines.length + 1, `${lines.length} documents are answered`);
const refusals = wanted.filter((w) => w === 'refused').length;
const same = wrong(false), taken = wrong(true);
ok(same.length === 0, `${lines.length - refusals} have the bytes that canonicalize gives`);
report(same);
ok(taken.length === 0, `${refusals} outside the subset are refused`);
report(taken);
ok(refusals > 1000 && refusals < COUNT / 2, 'there are enough of both');
console.log(`1..${made}`);
process.exit(failed ? 1 : 0);
