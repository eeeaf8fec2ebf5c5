// node tests/differential/differential.mjs SHUGU VERIFY DIRECTORY: three verifiers over the same invoice files - web/verify (by
// WebCrypto and by noble), `shugu-verify` and `shugu verify` - must say one verdict: the same object where the file is proved,
// the same failing check where it is not. 240 good files and 2,400 bent ones, of which half stay canonical JSON. TAP; SEED
// gives other files, and what they disagree about stays in DIRECTORY.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { byNoble, byWebCrypto, passes, verifier } from '../../web/verify/ed25519.mjs';
import { check } from '../../web/verify/invoice.mjs';
import { Refusal } from '../../web/verify/bytes.mjs';
import { checkKeys, readList } from '../../web/verify/trust.mjs';
import { json, text } from '../../web/verify/verdict.mjs';
import { Chance, Invoice, bytesOf } from './make.mjs';
import { raw, tree } from './bend.mjs';

const [shugu, shuguVerify, directory] = process.argv.slice(2);
const GOOD = 240, RAW = 1200, TREE = 1200, BATCH = 300;
const seed = Number(process.env.SEED ?? 1);
const chance = new Chance(seed);

let made = 0, failed = 0;
function ok(held, what, ...why) {
	console.log(`${held ? 'ok' : 'not ok'} ${++made} - differential: ${what}`);
	if (held) return;
	failed++;
	for (const line of why.flat().slice(0, 12)) console.log(`# ${String(line).slice(0, 400)}`);
}

// ---- The files --------------------------------------------------------------------------------------------------------------

function files() {
	const all = [], makers = [];
	for (let n = 1; n <= GOOD; n++) {
		const from = chance.below(2 ** 31), make = () => {
			const v = new Invoice(new Chance(from), n);
			if (n % 2) v.after();
			return v;
		};
		makers.push(make);
		all.push({ kind: 'good', what: 'good', bytes: bytesOf(make().file()) });
	}
	const fixture = path.join(path.dirname(directory), 'tests', 'invoice_fixture');
	if (fs.existsSync(fixture)) for (const more of [[], ['x']]) all.push({ kind: 'good', what: 'fixture', bytes: spawnSync(fixture, more).stdout });
	const good = all.length;
	for (let n = 0; n < RAW;) {
		const { bytes } = all[chance.below(good)], [what, bent] = raw(chance, bytes);
		if (!bent.equals(bytes)) n = all.push({ kind: 'bytes', what, bytes: bent }) - good;
	}
	for (let n = 0; n < TREE;) {
		const make = chance.one(makers), bent = tree(chance, make, chance.one(makers)());
		if (bent && !bent[1].equals(bytesOf(make().file()))) n = all.push({ kind: 'tree', what: bent[0], bytes: bent[1] }) - good - RAW;
	}
	fs.rmSync(directory, { recursive: true, force: true });
	fs.mkdirSync(directory, { recursive: true });
	all.forEach((f, i) => {
		f.path = path.join(directory, `${String(i).padStart(4, '0')}-${f.kind}-${f.what}.json`);
		fs.writeFileSync(f.path, f.bytes);
	});
	return all;
}

// ---- The verifiers ----------------------------------------------------------------------------------------------------------

function run(program, list, ...options) {
	let out = '';
	for (let i = 0; i < list.length; i += BATCH) {
		const ran = spawnSync(program[0], [...program.slice(1), ...options, ...list.slice(i, i + BATCH).map((f) => f.path)], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60000 });
		if (ran.status !== 0 && ran.status !== 1) throw new Error(`${program.join(' ')} ended with ${ran.status}: ${ran.stderr.slice(0, 300)}`);
		out += ran.stdout;
	}
	return out;
}
const lines = (text) => text.split('\n').slice(0, -1).map((line) => JSON.parse(line));
// A verdict without its reason in words, which each verifier puts in its own, and without the name of its file.
const bare = (v) => JSON.stringify({ ...v, detail: undefined, file: undefined });

// The equation, remembered: most files share most signatures.
function remembered(equation) {
	const known = new Map();
	return verifier(async (key, message, signature) => {
		const name = Buffer.concat([key, signature, message]).toString('latin1');
		if (!known.has(name)) known.set(name, await equation(key, message, signature));
		return known.get(name);
	});
}

async function ours(list, verify) {
	const found = [];
	for (const f of list) found.push(await check(f.bytes, verify));
	return found;
}

function agree(list, ours, theirs, name) {
	ok(theirs.length === list.length, `${name} answers for each of ${list.length} files`, `${theirs.length}`);
	const apart = list.flatMap((f, i) => (theirs[i]?.file === f.path && bare(theirs[i]) === bare(ours[i]) ? [] : [`${f.path}: ${JSON.stringify(theirs[i])} / ${JSON.stringify(ours[i])}`]));
	ok(apart.length === 0, `${name} and verify.html say one verdict of ${list.length} files`, `${apart.length} apart, SEED=${seed}`, apart);
}

function lists(good, found) {
	const rows = found.flatMap((f) => f.parties.filter(Boolean).flatMap((p) => [`${p.did} ${p.keyText}`, `log ${p.logText}`]));
	const swapped = rows.map((row, i) => (i % 7 === 0 ? row.replace(/[A-Za-z](?=[^A-Za-z]*$)/, (letter) => (letter === 'A' ? 'B' : 'A')) : row));
	for (const [name, list] of [['all keys', rows], ['some keys', rows.filter((_, i) => i % 5)], ['some other keys', ['# of others', '', ...swapped]]]) {
		const file = path.join(directory, 'keys');
		fs.writeFileSync(file, list.join('\n') + '\n');
		const said = lines(run([shuguVerify], good, '--json', '--trust', file)), apart = [];
		const read = readList(list.join('\n'));
		found.forEach((f, i) => {
			let mine = json(f, { trusted: true });
			try {
				checkKeys(read, f.parties);
			} catch (e) {
				if (!(e instanceof Refusal)) throw e;
				mine = json({ ok: false, check: 'keys', words: e.words });
			}
			if (bare(JSON.parse(mine)) !== bare(said[i])) apart.push(`${good[i].path}: ${JSON.stringify(said[i])} / ${mine}`);
		});
		ok(apart.length === 0, `a list with ${name}: one verdict (${said.filter((v) => v.ok).length} of ${said.length} pass)`, apart);
	}
}

// ---- Together ---------------------------------------------------------------------------------------------------------------

const list = files(), good = list.filter((f) => f.kind === 'good');
const web = Boolean(globalThis.crypto?.subtle) && await passes(byWebCrypto);
ok(await passes(byNoble), 'noble keeps the refusals of Ed25519');
ok(web, 'so does WebCrypto');
const found = await ours(list, remembered(byWebCrypto));
const said = found.map((f) => JSON.parse(json(f)));
agree(list, said, lines(run([shuguVerify], list, '--json')), 'shugu-verify');
agree(list, said, lines(run([shugu, 'verify'], list, '--json')), 'shugu verify');
// noble takes a millisecond a signature: every third file, and all whose keys or signatures are odd ones.
const some = list.map((f, i) => [f, i]).filter(([f, i]) => i % 3 === 0 || /key|malleable|weak/i.test(f.what));
const noble = (await ours(some.map(([f]) => f), remembered(byNoble))).map((f) => bare(JSON.parse(json(f))));
ok(noble.every((v, n) => v === bare(said[some[n][1]])), `noble and WebCrypto say one verdict of ${some.length}`, some.filter(([, i], n) => noble[n] !== bare(said[i])).map(([f]) => f.path));
const proved = good.filter((_, i) => said[i].ok).length;
ok(proved === good.length, `${good.length} good files are proved`, good.flatMap((f, i) => (said[i].ok ? [] : [`${f.path}: ${JSON.stringify(said[i])}`])));
for (const language of ['zh', 'en']) {
	const theirs = run([shuguVerify], good, '--lang', language), mine = found.slice(0, good.length).map((f, i) => `${good[i].path}: ${text(f, language)}`).join('');
	ok(theirs === mine, `the same sentences, ${language}`, theirs.split('\n').flatMap((line, i) => (line === mine.split('\n')[i] ? [] : [`${line} / ${mine.split('\n')[i]}`])));
}
lists(good, found.slice(0, good.length));
// A test that refuses all at the first check would find nothing: each check must have refused some, each label be reached.
const refused = {}, kinds = {};
said.forEach((v, i) => {
	if (list[i].kind !== 'good') refused[v.ok ? 'none' : v.check] = (refused[v.ok ? 'none' : v.check] ?? 0) + 1;
	if (v.ok) for (const k of [v.label, ...['corrected', 'void', 'disputed', 'withdrawn', 'contested', 'simulated'].filter((w) => v[w])]) kinds[k] = (kinds[k] ?? 0) + 1;
});
ok(['canonical file', 'signatures', 'digests', 'price, object and ranges', 'proof of issue', 'proof of acceptance', 'what came later'].every((c) => refused[c] >= 10),
	`each check refuses some: ${JSON.stringify(refused)}`);
ok(Object.keys(kinds).length === 9, `each label and word is reached: ${JSON.stringify(kinds)}`);
ok(list.filter((f) => f.kind === 'tree').length >= 1000 && list.length - good.length >= 2000 && good.length >= 200, 'as many files as are asked for');
console.log(`1..${made}`);
if (failed === 0) fs.rmSync(directory, { recursive: true, force: true });
process.exitCode = failed === 0 ? 0 : 1;
