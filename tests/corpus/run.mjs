#!/usr/bin/env node
// tests/corpus/run [DIR]: makes the listings, checks each, and prints how many of the planted defects were found and how many clean listings were
// refused; fails under 99 % and over 5 %. A defect is found if the verdict is worse than that of its twin and some rule newly fails or is not known;
// how many a rule names whatever the verdict is printed besides.
import {execFile} from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import {generate, today} from './listings.mjs';

const shugu = process.env.SHUGU;
if (!shugu) throw new Error('SHUGU is not set');
const kept = process.argv[2], dir = kept ?? fs.mkdtempSync(`${os.tmpdir()}/corpus-`);
const rank = {pass: 0, warn: 1, refused: 2};

const check = path => new Promise(done => execFile(shugu, ['rules', 'check', `${path}/listing.dossier.json`, '--day', today, '--json'], {maxBuffer: 1 << 26}, (e, out, err) => {
	try {
		const r = JSON.parse(out);
		done({verdict: r.verdict, bad: new Set(r.results.filter(x => x.outcome === 'FAIL' || x.outcome === 'UNKNOWN').map(x => x.rule)), blocks: r.results.filter(x => x.blocks).map(x => `${x.rule} ${JSON.stringify(x.needs)}`)});
	} catch { done({verdict: 'unread', bad: new Set(), blocks: [err]}); }
}));

const made = generate(dir), missed = [], alarms = [];
let named = 0;
let at = 0;
async function work() {
	while (at < made.length) {
		const x = made[at++], r = await check(`${dir}/${x.n}`), twin = x.defect ? await check(`${dir}/${x.n}-twin`) : null, about = `${x.n} ${x.profile}`;
		if (!twin) { if (!(r.verdict in rank) || rank[r.verdict] > 1) alarms.push(`${about}: ${r.blocks.join('; ')}`); continue; }
		const fresh = [...r.bad].filter(b => !twin.bad.has(b));
		named += fresh.length > 0;
		if (!(rank[r.verdict] > rank[twin.verdict] && fresh.length)) missed.push(`${about}: ${x.defect}: ${twin.verdict} -> ${r.verdict}, newly ${fresh.join(' ') || 'nothing'}; the twin: ${twin.blocks.join('; ') || [...twin.bad].join(' ')}`);
	}
}
await Promise.all([work(), work()]);
const planted = made.filter(x => x.defect).length, clean = made.length - planted;
for (const x of missed.sort()) console.log(`# missed ${x}`);
for (const x of alarms.sort()) console.log(`# false alarm ${x}`);
const found = planted - missed.length, ok = [found >= planted * 0.99, alarms.length <= clean * 0.05];
console.log(`${ok[0] ? 'ok' : 'not ok'} 1 - found ${found}/${planted}`);
console.log(`${ok[1] ? 'ok' : 'not ok'} 2 - false alarms ${alarms.length}/${clean}`);
console.log(`# of ${planted} planted defects ${named} are named by a rule that its twin passes`);
console.log('1..2');
if (!kept) fs.rmSync(dir, {recursive: true});
process.exit(ok.every(Boolean) ? 0 : 1);
