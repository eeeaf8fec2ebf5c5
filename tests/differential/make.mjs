// Good invoice files of all kinds from a seed, with node's own crypto and npm's canonicalize: what both sides together can make.
// `Invoice` holds the documents and the keys, and signs, links and proves them anew after a change.
import crypto from 'node:crypto';
import canonicalize from 'canonicalize';

export const bytesOf = (x) => Buffer.from(canonicalize(x));
export const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
export const digest = (x) => sha256(bytesOf(x)).toString('hex');
export const copy = (x) => JSON.parse(JSON.stringify(x));

// Numbers that look random and come again with the same seed (mulberry32).
export class Chance {
	constructor(seed) {
		this.state = seed >>> 0;
	}

	next() {
		this.state = (this.state + 0x6d2b79f5) >>> 0;
		let t = this.state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
	}

	below(n) { return Math.floor(this.next() * n); }
	one(list) { return list[this.below(list.length)]; }
	is(part) { return this.next() < part; }
	bytes(n) { return Buffer.from(Array.from({ length: n }, () => this.below(256))); }
	hex() { return this.bytes(32).toString('hex'); }
	urn() { return `urn:uuid:${this.bytes(16).toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')}`; }
}

export class Key {
	constructor(seed) {
		this.secret = crypto.createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed]), format: 'der', type: 'pkcs8' });
		this.public = crypto.createPublicKey(this.secret).export({ format: 'der', type: 'spki' }).subarray(12);
	}

	sign(text) { return crypto.sign(null, Buffer.from(text), this.secret); }
}

// Node takes milliseconds for a key: some for each role, made once.
const KEYS = Object.fromEntries(['provider', 'providerLog', 'consumer', 'consumerLog', 'stranger'].map((role) =>
	[role, Array.from({ length: 12 }, (_, i) => new Key(sha256(role, String(i))))]));

// ---- Logs -------------------------------------------------------------------------------------------------------------------

const node = (a, b) => sha256([1], a, b);
const half = (n) => 2 ** Math.floor(Math.log2(n - 1));
const rootOf = (leaves) => (leaves.length === 1 ? leaves[0] : node(rootOf(leaves.slice(0, half(leaves.length))), rootOf(leaves.slice(half(leaves.length)))));
function pathOf(at, leaves) {
	if (leaves.length === 1) return [];
	const k = half(leaves.length);
	return at < k ? [...pathOf(at, leaves.slice(0, k)), rootOf(leaves.slice(k))] : [...pathOf(at - k, leaves.slice(k)), rootOf(leaves.slice(0, k))];
}
const logId = (name, key) => sha256(name, '\n', [1], key.public).subarray(0, 4);
export const vkey = (name, key) => `${name}+${logId(name, key).toString('hex')}+${Buffer.concat([Buffer.from([1]), key.public]).toString('base64')}`;
export function noteOf(name, key, size, root) {
	const text = `${name}\n${size}\n${root.toString('base64')}\n`;
	return `${text}\n\u2014 ${name} ${Buffer.concat([logId(name, key), key.sign(text)]).toString('base64')}\n`;
}

// ---- Invoices ---------------------------------------------------------------------------------------------------------------

const CHUNK = 262144;
const TAIL = ['key', 'kid', 'log', 'origin'];
export const without = (o, names = TAIL) => Object.fromEntries(Object.entries(o).filter(([k]) => !names.includes(k)));
export const taxOf = (net, rate) => Number((BigInt(net) * BigInt(rate) + 5000n) / 10000n);
const time = (minute) => new Date(Date.UTC(2026, 10, 24, 3, minute)).toISOString();

export class Invoice {
	constructor(chance, n) {
		this.chance = chance;
		this.keys = { provider: { party: chance.one(KEYS.provider), log: chance.one(KEYS.providerLog) },
			consumer: { party: chance.one(KEYS.consumer), log: chance.one(KEYS.consumerLog) } };
		this.stranger = chance.one(KEYS.stranger);
		this.link = chance.is(0.15);
		this.receipt = this.link ? 'none' : chance.one(['none', 'complete', 'complete', 'part', 'refused']);
		this.signed = !this.link && chance.is(0.85);
		this.recorded = this.signed && chance.is(0.85);
		this.places = { provider: [], consumer: [] };
		for (const side of ['provider', 'consumer']) {
			const size = 1 + chance.below(chance.is(0.2) ? 70 : 9);
			this.places[side] = { size, issue: chance.below(size) };
		}
		this.core = {};
		this.later = [];
		this.write(n);
		this.sign();
	}

	party(side, n) {
		const { chance } = this, host = `${side[0]}${n}.example${chance.is(0.3) ? ':8443' : ''}`, did = `did:web:${host.replace(':', '%3A')}`;
		const p = { name: chance.one(['甲公司', 'Seller & Co', '', '数据"乙"\\公司', '\u{1f600} Ltd']), assurance: chance.one(['self-declared', 'partner-confirmed', 'ca-certificate', 'authority']) };
		if (chance.is(0.6)) p.uscc = '91330100MA2H0ABC1X';
		if (side === 'consumer' && this.link) return chance.is(0.3) ? { ...p, did } : p;
		const { party, log } = this.keys[side], origin = `${host}/log`;
		return { ...p, did, key: party.public.toString('base64'), kid: `${did}#key-${1 + chance.below(3)}`, log: vkey(origin, log), origin };
	}

	write(n) {
		const { chance, core } = this, size = chance.one([0, 1, 1000, CHUNK, CHUNK + 1, 786432, 2 ** 44]);
		const net = chance.one([0, 1, 99, 1000001, chance.below(1e9), 2 ** 53 - 1]), rate = chance.one([0, 300, 600, 1300, 10000]);
		const scenario = { purpose: chance.one(['training', '内部使用', '']), onward: 'none' };
		for (const name of ['territory', 'until', 'disposal']) if (chance.is(0.3)) scenario[name] = 'x';
		const doc = (kind, members) => ({ v: 1, kind, id: chance.urn(), ...members });
		const object = { product: chance.urn(), revision: 1 + chance.below(9), root: chance.hex(), size, chunk: CHUNK, sha256: chance.hex() };
		core.G = doc('agreement', { openUntil: time(50), agreement: chance.hex(), provider: this.party('provider', n), consumer: this.party('consumer', n),
			object, terms: chance.one([{}, { permission: [{ action: 'use' }] }, { '\ufb33': 1, '\u{1f600}': [true, { a: [] }] }]),
			price: { currency: 'CNY', net, rate, tax: taxOf(net, rate) }, scenario, receiptWithin: chance.below(100000) });
		const delivery = chance.urn();
		if (!this.link) core.Q = doc('request', { delivery, agreement: '' });
		if (!this.link || chance.is(0.4)) core.M = doc('manifest', { delivery, agreement: '', root: object.root, size, chunk: CHUNK, token: chance.hex() });
		const ranges = this.rangesOf(size);
		if (this.receipt !== 'none') {
			core.R = doc('receipt', { manifest: '', seq: 1 + chance.below(3), ranges, result: { complete: 'complete', part: 'partial', refused: 'refused' }[this.receipt] });
			if (this.receipt === 'refused' && size > 0) core.R.bad = chance.below(Math.ceil(size / CHUNK));
		}
		this.invoice(n, ranges, scenario, doc);
	}

	rangesOf(size) {
		if (size === 0) return [];
		if (this.receipt === 'none' || this.receipt === 'complete') return [[0, size]];
		const list = [];
		for (let at = this.chance.below(3); at < size && list.length < 3; at += 2 + this.chance.below(5)) {
			const to = Math.min(size, at + 1 + this.chance.below(Math.max(1, size >> 2)));
			list.push([at, to]);
			at = to;
		}
		return list;
	}

	invoice(n, ranges, scenario, doc) {
		const { chance, core, core: { G } } = this, { net, rate } = G.price, size = BigInt(G.object.size);
		const covered = ranges.reduce((sum, [from, to]) => sum + BigInt(to - from), 0n);
		const whole = !core.R || core.R.result === 'complete';
		const due = whole ? net : size === 0n ? 0 : Number((2n * BigInt(net) * covered + size) / (2n * size));
		const entries = {};
		for (const name of ['offer', 'conclude', 'concluded', 'ask', 'start', 'receive', 'end']) {
			const side = ['conclude', 'ask', 'receive'].includes(name) ? 'consumer' : 'provider';
			if (this.link ? side === 'consumer' || chance.is(0.5) : !core.R && (name === 'receive' || name === 'end')) continue;
			entries[name] = { origin: G[side].origin, index: chance.below(1000), leaf: chance.hex() };
		}
		core.I = doc('invoice', { serial: `${G.provider.origin.split('/')[0]}-2026-${String(n).padStart(8, '0')}`, issued: time(5), agreement: '',
			acceptance: this.link ? chance.one(['by link', 'none']) : 'party', scenario: { ...scenario, rules: '未作合规评估', personal: chance.is(0.5) },
			entities: { provider: without(G.provider), consumer: without(G.consumer) },
			voucher: { product: G.object.product, revision: G.object.revision, net: due, rate, tax: taxOf(due, rate), currency: 'CNY', mode: 'file', security: 'plain',
				start: time(1), end: time(chance.one([1, 3, 5])), ranges },
			registration: chance.is(0.8) ? { status: '未登记' } : { centre: '中心', number: '1', time: time(9), receipt: 'r' },
			supervision: { status: `https://${G.provider.origin}/s`, ...(chance.is(0.2) ? { mirror: 'https://m.example' } : {}) }, entries });
		if (chance.is(0.2)) core.I.scenario.classification = 'general';
	}

	// Digests, signatures, acts and proofs anew, so that only what was changed is wrong. `by(name)` may name another key;
	// digests that are bent on purpose are not made anew.
	sign(by = () => null, linked = true) {
		if (linked) this.linkUp();
		const { core } = this;
		core.sigs = {};
		const names = ['G.provider', 'I.provider', ...(core.M ? ['M.provider'] : []), ...(core.R ? ['R.consumer'] : []),
			...(this.link ? [] : ['G.consumer', 'Q.consumer']), ...(this.signed ? ['I.consumer'] : [])];
		for (const name of names) core.sigs[name] = this.jws(core[name[0]], name.slice(2), by(name));
		this.acts();
	}

	linkUp() {
		const { G, Q, M, R, I } = this.core;
		for (const x of [Q, M, I]) if (x) x.agreement = digest(G);
		if (M && Q) M.request = digest(Q);
		if (R) R.manifest = digest(M);
		if (M) I.manifest = digest(M);
		if (R) I.receipt = digest(R);
	}

	jws(x, side, key) {
		const header = Buffer.from(canonicalize({ alg: 'EdDSA', kid: this.core.G[side].kid, typ: `shugu-${x.kind}+jws` })).toString('base64url');
		return `${header}..${(key ?? this.keys[side].party).sign(`${header}.${bytesOf(x).toString('base64url')}`).toString('base64url')}`;
	}

	act(type, x, sigs) {
		const signatures = Object.fromEntries(Object.entries(sigs).map(([side, jws]) => [side, sha256(jws).toString('hex')]));
		return { v: 1, type, at: time(5 + (type === 'invoice.issue' ? 0 : 1)), actor: 'node', subject: this.core.I.id, body: { document: digest(x), signatures } };
	}

	acts() {
		const { core } = this, provider = core.sigs['I.provider'], consumer = core.sigs['I.consumer'];
		core.issue = this.proof(this.act('invoice.issue', core.I, { provider }), 'provider');
		if (this.recorded) core.accept = this.proof(this.act('invoice.accept', core.I, { provider, consumer }), 'consumer');
	}

	// E of an act in the log of a side, among others.
	proof(act, side, at = this.places[side].issue, log = this.keys[side].log, origin = this.core.G[side].origin) {
		const { size } = this.places[side], salt = this.chance.hex();
		const leaf = sha256([0], 'shugu-act/1 ' + sha256(Buffer.from(salt, 'hex'), bytesOf(act)).toString('hex'));
		const leaves = Array.from({ length: Math.max(size, at + 1) }, (_, i) => (i === at ? leaf : sha256(String(i), side)));
		return { act, salt, index: at, path: pathOf(at, leaves).map((h) => h.toString('hex')), head: noteOf(origin, log, leaves.length, rootOf(leaves)) };
	}

	// A document of section 5.6 as it stands in `later`.
	item(letter, members, ...sides) {
		const of = letter === 'X' ? 'corrects' : 'invoice';
		const x = { v: 1, kind: { X: 'correction', P: 'dispute', Z: 'status' }[letter], id: this.chance.urn(), [of]: digest(this.core.I), ...members };
		const sigs = Object.fromEntries(sides.map((side) => [side, this.jws(x, side)]));
		const item = { [letter]: x, sigs };
		if (letter === 'P') item.act = this.proof(this.act('invoice.dispute', x, sigs), sides[0], this.chance.below(12));
		return item;
	}

	// Some of what may come later: X that lower, void or wait for the other side, then P, then Z.
	after() {
		const { chance, core: { I, R } } = this, { rate } = I.voucher, both = ['provider', 'consumer'], sides = this.link ? ['provider'] : both;
		let { net } = I.voucher, prev, gone = false;
		const list = [], reason = () => chance.one(['数据缺行', 'late', '']);
		const x = (to, by, more) => this.item('X', { void: false, net: to - net, rate, tax: taxOf(to, rate) - taxOf(net, rate), reason: reason(), ...(prev ? { prev } : {}), ...more }, ...by);
		for (let n = this.link ? 0 : chance.below(3); n > 0 && !gone; n--) {
			gone = chance.is(0.25);
			const to = gone ? 0 : chance.below(Math.min(net, 2 ** 31) + 1), item = x(to, both, { void: gone, ...(chance.is(0.3) ? { replacement: chance.hex() } : {}) });
			list.push(item);
			[net, prev] = [to, digest(item.X)];
		}
		for (const side of sides) if (chance.is(0.25)) list.push(x(chance.below(Math.min(net, 2 ** 31) + 1), [side]));
		if (chance.is(0.35)) list.push(this.item('P', { reason: reason(), ...(prev && chance.is(0.7) ? { prev } : {}), ...(R && chance.is(0.3) ? { receipt: digest(R) } : {}) }, chance.one(sides)));
		for (const side of sides) {
			if (!chance.is(0.25)) continue;
			const { origin } = this.core.G[side], head = noteOf(origin, this.keys[side].log, 9, sha256('z'));
			list.push(this.item('Z', { state: chance.one(['issued', 'accepted', 'disputed', 'corrected', 'void']), entry: { origin, index: chance.below(9), leaf: chance.hex() }, head, at: time(chance.below(60)) }, side));
		}
		this.later = list;
	}

	file() { return { v: 1, kind: 'invoice-file', core: this.core, later: this.later }; }
}
