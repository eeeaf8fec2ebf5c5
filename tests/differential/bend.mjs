// What is done to good invoice files: `raw` bends their bytes; `tree` bends what they say and leaves canonical JSON, some of it
// signed, linked and proved anew, by the right keys or by others.
import crypto from 'node:crypto';
import { Point } from '@noble/ed25519';
import { bytesOf, copy, digest, noteOf, sha256, vkey } from './make.mjs';

const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const little = (b) => BigInt('0x' + Buffer.from(b).reverse().toString('hex'));
const toLittle = (n) => Buffer.from(n.toString(16).padStart(64, '0'), 'hex').reverse();
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

// ---- Bytes ------------------------------------------------------------------------------------------------------------------

function at(chance, text, pattern, change) {
	const found = [...text.matchAll(pattern)];
	if (found.length === 0) return `${text} `;
	const m = chance.one(found);
	return text.slice(0, m.index) + change(m) + text.slice(m.index + m[0].length);
}
const splice = (bytes, from, n, ...more) => Buffer.concat([bytes.subarray(0, from), ...more.map((m) => Buffer.from(m)), bytes.subarray(from + n)]);
const onText = (change) => (chance, bytes) => Buffer.from(change(chance, bytes.toString()));
const number = /(?<=[:[,])\d+(?=[,\]}])/g;

const RAW = {
	bit: (c, b) => { const copied = Buffer.from(b); copied[c.below(b.length)] ^= 1 << c.below(8); return copied; },
	cut: (c, b) => b.subarray(0, c.below(b.length)),
	gone: (c, b) => splice(b, c.below(b.length), 1 + c.below(3)),
	more: (c, b) => splice(b, c.below(b.length), 0, [c.one([0x20, 0x0a, 0x00, 0x22, 0x2c, 0x7b, 0x80, 0xff, 0x30, 0x5c])]),
	twice: (c, b) => { const from = c.below(b.length); return splice(b, from, 0, b.subarray(from, from + 1 + c.below(40))); },
	front: (c, b) => Buffer.concat([Buffer.from(c.one(['\ufeff', ' ', '\n', '[', '\0'])), b]),
	behind: (c, b) => Buffer.concat([b, Buffer.from(c.one(['\n', ' ', '{}', '\0', ']', b.toString()]))]),
	empty: () => Buffer.alloc(0),
	spaced: onText((c, t) => at(c, t, /[:,]/g, (m) => `${m[0]} `)),
	escaped: onText((c, t) => at(c, t, /(?<=")[a-z]/g, (m) => `\\u00${m[0].charCodeAt(0).toString(16)}`)),
	slash: onText((c, t) => at(c, t, /\//g, () => '\\/')),
	number: onText((c, t) => at(c, t, number, (m) => c.one([`${m[0]}.0`, `${m[0]}e0`, `-${m[0]}`, `0${m[0]}`, `+${m[0]}`, `${m[0]}.`, '1e400', '9007199254740993', '-0', 'NaN', '0x1', '1E2', '18446744073709551617']))),
	literal: onText((c, t) => at(c, t, /true|false|(?<=:)"[^"\\]{1,20}"/g, () => c.one(['null', 'True', 'undefined', '"\\ud800"', '"\\u0000"', '"\u0001"', '\'x\'', '"\\x41"', '{"__proto__":1}']))),
	double: onText((c, t) => at(c, t, /"[a-zA-Z]+":(\d+|true|false|"[^"\\]*")/g, (m) => `${m[0]},${m[0]}`)),
	order: onText((c, t) => at(c, t, /("[a-zA-Z]+":(?:\d+|true|false|"[^"\\]*")),("[a-zA-Z]+":(?:\d+|true|false|"[^"\\]*"))/g, (m) => `${m[2]},${m[1]}`)),
	upper: onText((c, t) => at(c, t, /"[0-9a-f]{64}"/g, (m) => m[0].toUpperCase())),
	deep: onText((c, t) => at(c, t, /"terms":\{[^}]*\}/g, () => `"terms":{"a":${'['.repeat(c.one([27, 28, 29, 5000]))}`)),
	utf8: (c, b) => splice(b, c.below(b.length), 1, c.one([[0xc0, 0x80], [0xed, 0xa0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xe2, 0x82]])),
	big: (c, b) => Buffer.concat([b.subarray(0, -1), Buffer.alloc((1 << 20) - b.length + c.below(3), 0x20), b.subarray(-1)]),
};

// ---- What it says -----------------------------------------------------------------------------------------------------------

// All places in a value: [holder, name].
function places(v, into = []) {
	for (const name of Object.keys(v)) {
		into.push([v, name]);
		if (v[name] !== null && typeof v[name] === 'object') places(v[name], into);
	}
	return into;
}

function spare(text) {
	const last = text.replace(/=+$/, '').length - 1, all = ALPHABET + (/[-_]/.test(text) ? '-_' : '+/');
	return text.slice(0, last) + all[(all.indexOf(text[last]) ^ 1) & 63] + text.slice(last + 1);
}

const TEXTS = ['', 'x', '0', '0'.repeat(64), '-', 'did:', '#', '\u0085', '\n', '未登记', 'a\tb', '\u007f', 'complete', 'refused', 'partial', 'party', 'none', 'CNY', 'x'.repeat(201),
	'x'.repeat(256), 'x'.repeat(511), 'x'.repeat(2001), 'x'.repeat(4000), 'x'.repeat(4001), 'é'.repeat(2001), '2026-02-29T00:00:00.000Z', '2028-02-29T00:00:00.000Z', '1969-12-31T23:59:59.999Z',
	'1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z', '2026-11-24T24:00:00.000Z', '2026-11-24T03:01:60.000Z', '2026-11-24T03:01:00Z', '2026-11-24t03:01:00.000z', 'AAAA..AAAA', 'AAAA.AAAA.AAAA', '..'];
const NUMBERS = [0, 1, -1, 2, 6, 10000, 10001, 262144, 2 ** 44, 2 ** 44 + 1, 2 ** 53 - 1, -(2 ** 53 - 1)];

function another(chance, v) {
	if (chance.is(0.08)) return chance.one([{}, [], true, 0, '', [[]], { a: 1 }, [[0, 1]], [[0, 1], [1, 2]], [[5, 9], [2, 3]]]);
	if (typeof v === 'number') return chance.is(0.5) ? v + chance.one([1, -1]) : chance.one(NUMBERS);
	if (typeof v === 'boolean') return !v;
	if (typeof v !== 'string') return Array.isArray(v) ? (chance.is(0.5) ? v.slice(1) : [...v, ...v.slice(0, 1)]) : { ...v, more: 1 };
	if (v.length > 0 && chance.is(0.5)) {
		const i = chance.below(v.length);
		return v.slice(0, i) + chance.one(['0', 'a', 'Z', '-', '+', '.', ' ', v[i] + v[i], '']) + v.slice(i + 1);
	}
	return /[A-Za-z0-9+/_-]{20}/.test(v) && chance.is(0.4) ? spare(v) : chance.one(TEXTS);
}

// The names under which documents, proofs and signatures stand, so that a bend meets each of them about as often.
const PARTS = ['G', 'Q', 'M', 'R', 'I', 'sigs', 'issue', 'accept', 'later', 'core'];
function somewhere(chance, file) {
	const { core } = file, name = chance.one(PARTS.filter((p) => (p === 'later' ? file.later.length > 0 : p === 'core' || core[p])));
	return chance.one(places(name === 'later' ? file.later : name === 'core' ? { core } : core[name]));
}

const TREE = {
	change(chance, file) {
		const [holder, name] = somewhere(chance, file);
		holder[name] = another(chance, holder[name]);
	},
	drop(chance, file) {
		const [holder, name] = somewhere(chance, file);
		if (Array.isArray(holder)) holder.splice(Number(name), 1);
		else delete holder[name];
	},
	add(chance, file) {
		const [holder, name] = somewhere(chance, file), v = holder[name];
		if (v !== null && typeof v === 'object' && !Array.isArray(v)) v[chance.one(['more', '__proto__x', 'constructor', 'did', 'key', 'status', 'R.provider', 'bad', 'receipt', 'act'])] = chance.one([1, 'x', {}, []]);
		else holder[name] = another(chance, v);
	},
	// Two values of one kind change places.
	swap(chance, file) {
		const [a, i] = somewhere(chance, file), kin = places(file).filter(([b, j]) => typeof b[j] === typeof a[i] && b[j] !== a[i] && (typeof b[j] !== 'string' || b[j].length === a[i].length));
		if (kin.length === 0) return;
		const [b, j] = chance.one(kin);
		[a[i], b[j]] = [copy(b[j]), copy(a[i])];
	},
	// A part of another invoice.
	graft(chance, file, _, other) {
		const theirs = other.file(), name = chance.one(Object.keys(theirs.core));
		if (chance.is(0.5) && theirs.core.sigs[name]) file.core.sigs[name] = theirs.core.sigs[name];
		else if (name === 'sigs') Object.assign(file.core.sigs, copy(theirs.core.sigs));
		else file.core[name] = copy(theirs.core[name]);
		if (chance.is(0.2)) file.later = copy(theirs.later);
	},
	later(chance, file) {
		const { later } = file;
		if (later.length === 0) file.later = [chance.one([{}, { X: {}, sigs: {} }, { sigs: {} }, [], 1, { Z: 1, sigs: { provider: 'x' } }])];
		else if (chance.is(0.4)) later.reverse();
		else if (chance.is(0.5)) later.push(copy(chance.one(later)));
		else if (chance.is(0.3)) file.later = Array.from({ length: 65 }, () => copy(later[0]));
		else delete chance.one(later).sigs[chance.one(['provider', 'consumer'])];
	},
};

// What needs keys: a lie that is well signed, a key or a log that is not the one named.
const FORGED = {
	stranger(chance, v) { const names = Object.keys(v.core.sigs); const one = chance.one(names); v.sign((name) => (name === one ? v.stranger : null)); },
	exchanged(chance, v) { const { provider, consumer } = v.keys; v.sign((name) => (name.endsWith('provider') ? consumer : provider).party); },
	otherLog(chance, v) {
		const [name, side] = chance.one(Object.entries({ issue: 'provider', accept: 'consumer' }).filter(([n]) => v.core[n]));
		const other = side === 'provider' ? 'consumer' : 'provider', origin = chance.is(0.5) ? v.core.G[other].origin : v.core.G[side].origin;
		v.core[name] = v.proof(v.core[name].act, side, undefined, v.keys[other].log, origin ?? 'x.example/log');
	},
	otherProof(chance, v, other) { v.core.issue = chance.is(0.5) ? copy(other.core.issue) : { ...copy(other.core.issue), act: v.core.issue.act }; },
	exchangedProof(chance, v) { if (v.core.accept) [v.core.issue, v.core.accept] = [v.core.accept, v.core.issue]; else delete v.core.issue; },
	swappedKeys(chance, v) { const { G } = v.core; const name = chance.one(['key', 'kid', 'log', 'origin', 'did']); [G.provider[name], G.consumer[name]] = [G.consumer[name], G.provider[name]]; clean(G); v.sign(); },
	otherKey(chance, v) { v.core.G.provider.key = v.stranger.public.toString('base64'); if (chance.is(0.5)) v.sign(); },
	weakKey(chance, v) {
		const side = chance.one(v.link ? ['provider'] : ['provider', 'consumer']), weak = Buffer.from(chance.one(['00'.repeat(32), '01' + '00'.repeat(31), 'ec' + 'ff'.repeat(30) + '7f', 'ed' + 'ff'.repeat(30) + '7f', 'ee' + 'ff'.repeat(31), '01' + '00'.repeat(30) + '80', '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85', '02' + '00'.repeat(31)]), 'hex');
		const G = v.core.G[side];
		if (chance.is(0.5)) G.key = weak.toString('base64');
		else G.log = vkey(G.origin, { public: weak });
		v.sign();
	},
	// A key with a part of order 8: the equation holds only if it is multiplied by 8.
	mixedKey(chance, v) {
		const T = Point.fromHex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05'), a = little(chance.bytes(31)), A = Buffer.from(Point.BASE.multiply(a).add(T).toBytes());
		v.core.G.provider.key = A.toString('base64');
		v.sign((name) => (name.endsWith('provider') ? { sign: (text) => signBy(chance, a, A, text) } : null));
	},
	malleable(chance, v) {
		const [name, jws] = chance.one(Object.entries(v.core.sigs)), [header, , text] = jws.split('.'), raw = Buffer.from(text, 'base64url');
		toLittle(little(raw.subarray(32)) + L).copy(raw, 32);
		v.core.sigs[name] = `${header}..${raw.toString('base64url')}`;
	},
	weakR(chance, v) {
		const [name, jws] = chance.one(Object.entries(v.core.sigs)), raw = Buffer.from(jws.split('.')[2], 'base64url');
		Buffer.from(chance.one(['01' + '00'.repeat(31), 'ec' + 'ff'.repeat(30) + '7f', 'ff'.repeat(32)]), 'hex').copy(raw);
		v.core.sigs[name] = `${jws.split('.')[0]}..${raw.toString('base64url')}`;
	},
	head(chance, v) {
		const { origin } = v.core.G.provider, { log } = v.keys.provider, E = v.core.issue, root = sha256('r');
		E.head = chance.one([`${E.head}${E.head.split('\n\n')[1]}`, E.head.replace('\n\n', '\nmore\n\n'), noteOf(origin, log, 0, root), noteOf(origin, log, '01', root), noteOf(origin, log, '18446744073709551616', root),
			noteOf(origin, log, '18446744073709551615', root), E.head.replace('\u2014', '-'), E.head.slice(0, -1), E.head.replace(/\n$/, '\n\n'), noteOf(origin, v.stranger, 6, root), spare(E.head.trimEnd()) + '\n']);
	},
	acts(chance, v) {
		const name = chance.one(['issue', ...(v.core.accept ? ['accept'] : [])]), { act } = v.core[name], side = name === 'issue' ? 'provider' : 'consumer';
		const [holder, member] = chance.one(places({ act }));
		if (chance.is(0.3)) delete holder[member];
		else holder[member] = another(chance, holder[member]);
		if (act) v.core[name] = v.proof(act, side);
	},
	laterSigned(chance, v) {
		if (v.later.length === 0) v.after();
		const x = chance.one(v.later.length ? v.later : [v.item('X', { void: true, net: -v.core.I.voucher.net, rate: v.core.I.voucher.rate, tax: -v.core.I.voucher.tax, reason: 'r' }, 'provider')]);
		const letter = ['X', 'P', 'Z'].find((l) => x[l]), doc = x[letter];
		const [holder, name] = chance.one(places(doc));
		holder[name] = another(chance, holder[name]);
		for (const side of Object.keys(x.sigs)) x.sigs[side] = v.jws(doc, side);
		if (x.act && chance.is(0.7)) x.act = v.proof(v.act('invoice.dispute', doc, x.sigs), Object.keys(x.sigs)[0]);
	},
	links(chance, v) {
		const rows = [['Q', 'agreement'], ['M', 'agreement'], ['M', 'request'], ['R', 'manifest'], ['I', 'agreement'], ['I', 'manifest'], ['I', 'receipt']].filter(([l]) => v.core[l]);
		const [letter, name] = chance.one(rows), x = v.core[letter];
		if (chance.is(0.3) && name !== 'agreement') delete x[name];
		else x[name] = chance.one([chance.hex(), digest(v.core.G), digest(v.core.I)]);
		v.sign(undefined, false);
	},
	// Something else in a document, and all that follows it signed anew.
	documents(chance, v) {
		const letter = chance.one(['G', 'Q', 'M', 'R', 'I', 'I', 'G'].filter((l) => v.core[l])), [holder, name] = chance.one(places(v.core[letter]));
		if (chance.is(0.2) && !Array.isArray(holder)) delete holder[name];
		else if (chance.is(0.15) && typeof holder[name] === 'object' && !Array.isArray(holder[name])) holder[name].more = 'x';
		else holder[name] = another(chance, holder[name]);
		v.sign();
	},
};
FORGED.documents2 = FORGED.documents3 = FORGED.documents4 = FORGED.documents;
FORGED.links2 = FORGED.links;

const clean = (G) => { for (const p of [G.provider, G.consumer]) for (const name of Object.keys(p)) if (p[name] === undefined) delete p[name]; };

function signBy(chance, a, A, text) {
	const r = little(chance.bytes(31)), R = Buffer.from(Point.BASE.multiply(r).toBytes());
	const k = little(sha512(R, A, text)) % L;
	return Buffer.concat([R, toLittle((r + k * a) % L)]);
}

const sha512 = (...parts) => crypto.createHash('sha512').update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();

const pick = (chance, table) => { const name = chance.one(Object.keys(table)); return [name, table[name]]; };

// [what, bytes] of a good file; never the bytes that it had, but for signatures that are made anew alike.
export function raw(chance, bytes) {
	const [name, bend] = pick(chance, RAW);
	return [name, bend(chance, bytes)];
}

export function tree(chance, make, other) {
	const v = make();
	try {
		if (chance.is(0.45)) {
			const [name, bend] = pick(chance, TREE), file = copy(v.file());
			bend(chance, file, v, other);
			return [name, bytesOf(file)];
		}
		const [name, bend] = pick(chance, FORGED);
		bend(chance, v, other);
		return [name, bytesOf(v.file())];
	} catch (e) {
		// Some bends leave nothing that can be signed; those are tried again by the caller.
		if (e instanceof TypeError) return null;
		throw e;
	}
}

