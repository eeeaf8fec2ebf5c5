// tests/conformance/invoice.js FILE...: a second reader of data invoice files, written after docs/FORMATS.md (1 to 7) and the
// public formats that it names, with node's own crypto and npm's canonicalize; none of our code. It says the label, and what came
// later, and exits 0; or says what does not hold and exits 1.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const canonicalize = require('canonicalize');

class Refusal extends Error {}

function must(held, why) {
	if (!held) throw new Refusal(why);
}

const sha256 = (...parts) => {
	const h = crypto.createHash('sha256');
	for (const p of parts) h.update(p);
	return h.digest();
};
const sha256hex = (text) => sha256(text).toString('hex');
const digest = (document) => sha256hex(canonicalize(document));
const same = (a, b) => canonicalize(a) === canonicalize(b);

// Bytes of strict base64: what is not the only spelling of its bytes is refused.
function base64(text, kind) {
	const bytes = Buffer.from(text, kind);
	must(bytes.toString(kind) === text, `${kind} is spelled in another way`);
	return bytes;
}

// ---- Ed25519, with the refusals of section 5: canonical, not of small order, S < L --------------------------------------

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const little = (bytes) => BigInt('0x' + Buffer.from(bytes).reverse().toString('hex'));
// y of the eight points of small order; they differ in the sign of x.
const small = [0n, 1n, P - 1n,
	...['26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05', 'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a']
		.map((hex) => little(Buffer.from(hex, 'hex')))];

function point(bytes) {
	const y = little(bytes) & (2n ** 255n - 1n);
	return y < P && !small.includes(y);
}

function ed25519(key, message, signature) {
	if (key.length !== 32 || signature.length !== 64 || !point(key) || !point(signature.subarray(0, 32)) || little(signature.subarray(32)) >= L)
		return false;
	const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key]);
	return crypto.verify(null, message, crypto.createPublicKey({ key: spki, format: 'der', type: 'spki' }), signature);
}

// ---- Shapes ---------------------------------------------------------------------------------------------------------------

const matching = (pattern, what) => (v, at) => must(typeof v === 'string' && pattern.test(v), `${at} is no ${what}`);
const upTo = (max) => (v, at) => must(typeof v === 'string' && Buffer.byteLength(v) <= max, `${at} is no text of at most ${max} bytes`);
const text = upTo(4000);
const address = upTo(2000);
const hex = matching(/^[0-9a-f]{64}$/, 'digest');
const uuid = matching(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'urn');
const jws = matching(/^[A-Za-z0-9_-]+\.\.[A-Za-z0-9_-]+$/, 'detached JWS');
const did = (v, at) => (upTo(255)(v, at), must(v.startsWith('did:'), `${at} is no DID`));
const oneOf = (...list) => (v, at) => must(list.includes(v), `${at} is none of ${list}`);
const number = (from, to = Number.MAX_SAFE_INTEGER) => (v, at) => must(Number.isSafeInteger(v) && v >= from && v <= to, `${at} is no number from ${from}`);
const boolean = (v, at) => must(typeof v === 'boolean', `${at} is neither true nor false`);
const list = (each) => (v, at) => {
	must(Array.isArray(v), `${at} is no list`);
	v.forEach((m, i) => each(m, `${at}[${i}]`));
};
const plain = (v, at) => must(v !== null && typeof v === 'object' && !Array.isArray(v), `${at} is no object`);
// An object with these members and no others; a name that ends with `?` may be absent.
const object = (members) => (v, at) => {
	plain(v, at);
	const names = Object.keys(members).map((name) => name.replace('?', ''));
	for (const name of Object.keys(v)) must(names.includes(name), `${at}.${name} is not known`);
	for (const [name, shape] of Object.entries(members)) {
		const m = v[name.replace('?', '')];
		must(m !== undefined || name.endsWith('?'), `${at}.${name} is missing`);
		if (m !== undefined) shape(m, `${at}.${name.replace('?', '')}`);
	}
};
const document = (kind, members) => object({ v: oneOf(1), kind: oneOf(kind), id: uuid, ...members });
function time(v, at) {
	must(typeof v === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(v), `${at} is no time`);
	const ms = Date.parse(v);
	must(!Number.isNaN(ms) && ms >= 0 && new Date(ms).toISOString() === v, `${at} is no time`);
}

const scenario = { purpose: text, 'territory?': text, 'until?': text, onward: text, 'disposal?': text };
const person = { name: upTo(200), 'uscc?': upTo(18),
	assurance: oneOf('self-declared', 'partner-confirmed', 'ca-certificate', 'authority') };
const keys = { key: text, kid: upTo(510), log: text, origin: text };
const party = (v, at) => {
	plain(v, at);
	object('key' in v ? { ...person, did, ...keys } : { ...person, 'did?': did })(v, at);
};
const ranges = (v, at) => {
	list(list(number(0)))(v, at);
	let end = -1;
	for (const r of v) {
		must(r.length === 2 && r[0] > end && r[0] < r[1], `${at} are not ascending, disjoint and apart`);
		end = r[1];
	}
};
const entry = object({ origin: text, index: number(0), leaf: hex });
const entries = object(Object.fromEntries(['offer', 'conclude', 'concluded', 'ask', 'start', 'receive', 'end'].map((n) => [n + '?', entry])));
const registration = (v, at) => {
	plain(v, at);
	object('status' in v ? { status: oneOf('未登记') } : { centre: text, number: text, time, receipt: text })(v, at);
};

const documents = {
	G: document('agreement', { openUntil: time, agreement: hex, provider: party, consumer: party,
		object: object({ product: address, revision: number(1), root: hex, size: number(0), chunk: oneOf(262144), sha256: hex }),
		terms: plain, price: object({ currency: oneOf('CNY'), net: number(0), rate: number(0, 10000), tax: number(0) }),
		scenario: object(scenario), receiptWithin: number(0) }),
	Q: document('request', { delivery: uuid, agreement: hex }),
	M: document('manifest', { delivery: uuid, agreement: hex, 'request?': hex, root: hex, size: number(0), chunk: oneOf(262144), token: hex }),
	R: document('receipt', { manifest: hex, seq: number(1), ranges, result: oneOf('partial', 'complete', 'refused'), 'bad?': number(0) }),
	I: document('invoice', { serial: text, issued: time, agreement: hex, 'manifest?': hex, 'receipt?': hex,
		acceptance: oneOf('party', 'by link', 'none'),
		scenario: object({ ...scenario, rules: text, 'classification?': text, personal: boolean }),
		entities: object({ provider: object({ ...person, 'did?': did }), consumer: object({ ...person, 'did?': did }) }),
		voucher: object({ product: address, revision: number(1), net: number(0), rate: number(0, 10000), tax: number(0), currency: oneOf('CNY'),
			mode: text, security: text, start: time, end: time, ranges }),
		registration, supervision: object({ 'mirror?': address, status: address }), entries }),
};
const act = object({ v: oneOf(1), type: text, at: time, actor: address, subject: address, 'prev?': hex, body: plain, 'sealed?': plain });
const proof = object({ act, salt: hex, index: number(0), path: list(hex), head: text });
const signers = ['G.provider', 'G.consumer', 'Q.consumer', 'M.provider', 'R.consumer', 'I.provider', 'I.consumer'];
const { G, Q, M, R, I } = documents;
const sides = object({ 'provider?': jws, 'consumer?': jws });
const signed = number(-Number.MAX_SAFE_INTEGER);
const laters = {
	X: object({ sigs: sides, X: document('correction', { corrects: hex, 'prev?': hex, void: boolean, net: signed, rate: number(0, 10000), tax: signed,
		reason: text, 'replacement?': hex }) }),
	P: object({ sigs: sides, act: proof, P: document('dispute', { invoice: hex, 'prev?': hex, reason: text, 'receipt?': hex }) }),
	Z: object({ sigs: sides, Z: document('status', { invoice: hex, state: oneOf('issued', 'accepted', 'disputed', 'corrected', 'void'), entry,
		head: text, at: time }) }),
};
const later = (v, at) => {
	plain(v, at);
	const letter = ['X', 'P', 'Z'].find((l) => l in v);
	must(letter, `${at} is neither X nor P nor Z`);
	laters[letter](v, at);
	const n = Object.keys(v.sigs).length;
	must(letter === 'X' ? n > 0 : n === 1, `${at} has ${n} signatures`);
};
const file = object({ v: oneOf(1), kind: oneOf('invoice-file'), later: list(later),
	core: object({ G, 'Q?': Q, 'M?': M, 'R?': R, I, sigs: object(Object.fromEntries(signers.map((n) => [n + '?', jws]))), issue: proof, 'accept?': proof }) });

// ---- The steps of section 7, each named as it refuses -----------------------------------------------------------------------

// RFC 8785 within the subset of section 1, and nothing around it.
function canonical(bytes) {
	must(bytes.length <= 1 << 20, 'it is larger than 1 MiB');
	let text, value;
	try {
		text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
		value = JSON.parse(text);
	} catch (e) {
		throw new Refusal(`it is no JSON: ${e.message}`);
	}
	let values = 0;
	const inside = (v, depth) => {
		must(++values <= 65536, 'more than 65,536 values');
		if (typeof v === 'number') must(Number.isSafeInteger(v), `${v} is outside the numbers`);
		if (typeof v === 'string') must(v.isWellFormed() && !v.includes('\0'), 'a text that may not be');
		must(v !== null, 'null');
		if (typeof v !== 'object') return;
		must(depth < 32, 'more than 32 objects and arrays in each other');
		for (const [k, m] of Object.entries(v)) {
			must(k.isWellFormed() && !k.includes('\0'), 'a name that may not be');
			inside(m, depth + 1);
		}
	};
	inside(value, 0);
	must(canonicalize(value) === text, 'it is not in canonical form');
	return value;
}

function presence({ core }) {
	for (const x of ['G', 'Q', 'M', 'R', 'I']) must(!(x in core) || canonicalize(core[x]).length <= 524288, `${x} is too large`);
	const keyed = 'key' in core.G.consumer;
	const signed = (name) => name in core.sigs;
	must(signed('G.provider') && signed('I.provider'), 'the provider has not signed');
	must('key' in core.G.provider, 'the provider has no key');
	must('R' in core === signed('R.consumer') && 'R' in core === 'receipt' in core.I, 'R, its signature and its digest come together');
	must('M' in core === signed('M.provider') && 'M' in core === 'manifest' in core.I, 'M, its signature and its digest come together');
	if (keyed) {
		must('Q' in core && 'M' in core && signed('G.consumer') && signed('Q.consumer'), 'Q, M and their signatures are missing');
		must(!('accept' in core) || signed('I.consumer'), 'accepted without a signature');
	} else {
		must(!('Q' in core) && !('R' in core) && !('accept' in core) && !Object.keys(core.sigs).some((n) => n.endsWith('.consumer')), 'who has no key signs nothing');
	}
	must((core.I.acceptance === 'party') === keyed, 'acceptance is of another kind');
	must(!('M' in core) || 'request' in core.M === keyed, 'M names a request, or none, against G');
	return keyed;
}

function vkey(line, name) {
	const found = /^(.+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(line);
	must(found && found[1] === name && !/[\s+]/.test(name), 'a log key of another name');
	const key = base64(found[3], 'base64');
	must(key.length === 33 && key[0] === 1, 'a log key of another kind');
	must(sha256(name + '\n', key).subarray(0, 4).toString('hex') === found[2], 'a log key under another number');
	return key;
}

function party_keys(p) {
	const key = base64(p.key, 'base64');
	must(key.length === 32 && point(key), 'a key that is none');
	must(p.kid.startsWith(p.did + '#') && p.kid.length > p.did.length + 1, 'kid is not of the DID');
	const log = vkey(p.log, p.origin);
	must(point(log.subarray(1)), 'a log key that is none');
	return { key, kid: p.kid, did: p.did, origin: p.origin, log };
}

function alone({ core }, keyed) {
	const { G, R, I } = core;
	const tax = (net) => Number((BigInt(net) * BigInt(G.price.rate) + 5000n) / 10000n);
	must(G.price.tax === tax(G.price.net), 'the tax of G');
	const hosts = [party_keys(G.provider)];
	if (keyed) hosts.push(party_keys(G.consumer));
	if (keyed) for (const part of ['did', 'key', 'origin', 'log']) must(String(hosts[0][part]) !== String(hosts[1][part]), `both have one ${part}`);
	if (R) {
		must('bad' in R ? R.result === 'refused' : true, 'bad without refused');
	}
	must(I.voucher.start <= I.voucher.end && I.voucher.end <= I.issued, 'start, end and issued in this order');
	const serial = /^(.+)-(\d{4})-(\d{8})$/.exec(I.serial);
	must(serial && serial[1] === G.provider.origin.split('/')[0] && serial[2] === I.issued.slice(0, 4), 'the serial');
	const all = ['offer', 'conclude', 'concluded', 'ask', 'start', ...('receipt' in I ? ['receive', 'end'] : [])];
	if (keyed) must(same(Object.keys(I.entries).sort(), all.sort()), 'the entries that I names');
	for (const [name, e] of Object.entries(I.entries)) {
		const consumers = ['conclude', 'ask', 'receive'].includes(name);
		must(keyed || !consumers, 'an entry of who has no log');
		must(e.origin === (consumers ? G.consumer.origin : G.provider.origin), `${name} is of another log`);
	}
	return hosts;
}

function signature(x, host, text, name) {
	must(host, `${name} has no key`);
	const encoded = Buffer.from(canonicalize({ alg: 'EdDSA', kid: host.kid, typ: `shugu-${x.kind}+jws` })).toString('base64url');
	const [head, , last] = text.split('.');
	must(head === encoded, `the header of ${name}`);
	const over = `${encoded}.${Buffer.from(canonicalize(x)).toString('base64url')}`;
	must(ed25519(host.key, Buffer.from(over), base64(last, 'base64url')), `the signature ${name}`);
}

function signatures({ core }, hosts) {
	for (const [name, text] of Object.entries(core.sigs)) {
		const [letter, side] = name.split('.');
		signature(core[letter], hosts[side === 'provider' ? 0 : 1], text, name);
	}
}

function digests({ core: { G, Q, M, R, I } }) {
	const g = digest(G);
	for (const [x, name, of] of [[Q, 'agreement', g], [M, 'agreement', g], [M, 'request', Q && digest(Q)], [R, 'manifest', M && digest(M)],
		[I, 'agreement', g], [I, 'manifest', M && digest(M)], [I, 'receipt', R && digest(R)]])
		if (x) must(x[name] === of, `${x.kind} names another ${name}`);
	must(!Q || Q.delivery === M.delivery, 'Q and M are of two deliveries');
}

const without = (o, ...names) => Object.fromEntries(Object.entries(o).filter(([k]) => !names.includes(k)));

function agreeing({ core: { G, M, R, I } }) {
	const v = I.voucher, { size } = G.object;
	if (M) must(M.root === G.object.root && M.size === size && M.chunk === G.object.chunk, 'M is of another object');
	must(v.product === G.object.product && v.revision === G.object.revision, 'I is of another product');
	const whole = size === 0 ? [] : [[0, size]];
	must(same(v.ranges, R ? R.ranges : whole), 'the ranges of I');
	must(v.ranges.every(([, to]) => to <= size), 'ranges outside the object');
	must(!R || R.result !== 'complete' || same(R.ranges, whole), 'complete, but not all of it');
	must(!R || !('bad' in R) || R.bad < Math.ceil(size / 262144), 'a bad chunk that there is not');
	const covered = v.ranges.reduce((sum, [from, to]) => sum + BigInt(to - from), 0n);
	let net = BigInt(G.price.net);
	if (size === 0) net = R && R.result !== 'complete' ? 0n : net;
	else net = (2n * net * covered + BigInt(size)) / (2n * BigInt(size));
	must(BigInt(v.net) === net && v.rate === G.price.rate && v.currency === G.price.currency, 'the amount due');
	must(BigInt(v.tax) === (net * BigInt(v.rate) + 5000n) / 10000n, 'the tax');
	must(same(without(I.scenario, 'rules', 'classification', 'personal'), G.scenario), 'the scenario');
	for (const side of ['provider', 'consumer'])
		must(same(I.entities[side], without(G[side], 'key', 'kid', 'log', 'origin')), `the ${side}`);
}

// RFC 6962 (in the words of RFC 9162, 2.1.3.2).
function root_of(leaf, index, size, path) {
	let fn = BigInt(index), sn = BigInt(size) - 1n, r = leaf;
	for (const p of path) {
		must(sn > 0n, 'a path that is too long');
		if (fn & 1n || fn === sn) {
			r = sha256(Buffer.from([1]), p, r);
			while (!(fn & 1n) && fn !== 0n) [fn, sn] = [fn >> 1n, sn >> 1n];
		} else {
			r = sha256(Buffer.from([1]), r, p);
		}
		[fn, sn] = [fn >> 1n, sn >> 1n];
	}
	must(sn === 0n, 'a path that is too short');
	return r;
}

// A C2SP signed-note with one signature line, whose text is a tlog-checkpoint.
function head(note, host) {
	const parts = /^([^\n]+)\n(0|[1-9]\d*)\n([A-Za-z0-9+/=]+)\n\n\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)\n$/.exec(note);
	must(parts && parts[1] === host.origin && parts[4] === host.origin, 'a head of another log');
	const signature = base64(parts[5], 'base64');
	must(signature.subarray(0, 4).equals(sha256(host.origin + '\n', host.log).subarray(0, 4)), 'a head under another key');
	must(ed25519(host.log.subarray(1), Buffer.from(note.slice(0, note.indexOf('\n\n') + 1)), signature.subarray(4)), 'the signature of the head');
	const size = Number(parts[2]), root = base64(parts[3], 'base64');
	must(Number.isSafeInteger(size) && root.length === 32, 'a head that is none');
	return { size, root };
}

// E of section 4: the act stands in the log of host, and holds D(x) and these signatures (name -> detached JWS).
function evidence(e, host, type, x, held) {
	const bytes = Buffer.from(canonicalize(e.act)), { size, root } = head(e.head, host);
	must(bytes.length <= 65535, 'an act that is too large');
	const line = 'shugu-act/1 ' + sha256(Buffer.from(e.salt, 'hex'), bytes).toString('hex');
	must(e.index < size, 'an index beyond the head');
	const leaf = sha256(Buffer.from([0]), line);
	must(root_of(leaf, e.index, size, e.path.map((h) => Buffer.from(h, 'hex'))).equals(root), 'the path does not lead to the head');
	must(e.act.type === type, `an act that is no ${type}`);
	must(e.act.body.document === digest(x), 'the act holds another document');
	for (const [side, jws] of Object.entries(held)) must(e.act.body.signatures?.[side] === sha256hex(jws), `the act holds another signature of the ${side}`);
}

// X, P and Z in this order (5.6, 6); the words beside the label.
function afterwards({ core, later }, hosts) {
	const { I, R } = core, d = digest(I), limit = BigInt(I.voucher.net), rate = BigInt(I.voucher.rate);
	let order = 'X', net = limit, tax = BigInt(I.voucher.tax), isVoid = false;
	const force = [], open = [];	// D of the X in force; what an X after it would close: [word, how many were in force]
	const host = (side) => hosts[side === 'provider' ? 0 : 1];
	const place = (prev) => {
		const at = prev === undefined ? 0 : force.indexOf(prev) + 1;
		must(prev === undefined || at > 0, 'prev is no X in force');
		return at;
	};
	for (const x of later) {
		const letter = ['X', 'P', 'Z'].find((l) => l in x), doc = x[letter], by = Object.keys(x.sigs);
		must('XPZ'.indexOf(letter) >= 'XPZ'.indexOf(order), 'not in the order X, P, Z');
		order = letter;
		for (const side of by) signature(doc, host(side), x.sigs[side], `${letter}.${side}`);
		must((doc.corrects || doc.invoice) === d, `${letter} is about another invoice`);
		if (letter === 'X') {
			must(place(doc.prev) === force.length, 'an X beside the chain');
			if (by.length === 2) {
				must(!isVoid, 'an X of what is void');
				const to = net + BigInt(doc.net), toTax = tax + BigInt(doc.tax);
				must(BigInt(doc.rate) === rate && to >= 0n && to <= limit
					&& (doc.void ? to === 0n && toTax === 0n : toTax === (to * rate + 5000n) / 10000n), 'the amounts of X');
				[net, tax, isVoid] = [to, toTax, doc.void];
				force.push(digest(doc));
			} else {
				open.push([by[0] === 'consumer' ? 'disputed' : 'I.consumer' in core.sigs ? 'contested' : 'withdrawn', force.length]);
			}
		} else if (letter === 'P') {
			const at = place(doc.prev);
			must(!('receipt' in doc) || !R || doc.receipt === digest(R), 'P names another receipt');
			evidence(x.act, host(by[0]), 'invoice.dispute', doc, x.sigs);
			const accepted = by[0] === 'consumer' && core.accept && core.accept.index > x.act.index;
			if (!accepted) open.push(['disputed', at]);
		} else {
			const now = head(doc.head, host(by[0]));
			must(doc.entry.origin === host(by[0]).origin && doc.entry.index < now.size, 'Z names an entry that is not in its log');
		}
	}
	const still = new Set(open.filter(([, at]) => at >= force.length).map(([word]) => word));
	return ['corrected', 'void', 'disputed', 'withdrawn', 'contested'].filter((w) => (w === 'corrected' ? force.length > 0 : w === 'void' ? isVoid : still.has(w)));
}

// The label, and what came later; throws what does not hold, with the step in front.
function check(bytes) {
	let step = 'file';
	const at = (name, f) => {
		step = name;
		return f();
	};
	try {
		const x = at('file', () => canonical(bytes));
		at('file', () => file(x, 'file'));
		const keyed = at('file', () => presence(x));
		const hosts = at('file', () => alone(x, keyed));
		at('signatures', () => signatures(x, hosts));
		at('digests', () => digests(x));
		at('contents', () => agreeing(x));
		const { core } = x, { 'I.provider': provider, 'I.consumer': consumer } = core.sigs;
		at('issue', () => evidence(core.issue, hosts[0], 'invoice.issue', core.I, { provider }));
		if ('accept' in core) at('accept', () => evidence(core.accept, hosts[1], 'invoice.accept', core.I, { provider, consumer }));
		const words = at('later', () => afterwards(x, hosts));
		return ['accept' in core ? 'recorded' : consumer ? 'accepted' : 'R' in core ? 'delivered' : 'claimed', ...words].join('; ');
	} catch (e) {
		if (!(e instanceof Refusal)) throw e;
		throw new Refusal(`${step}: ${e.message}`);
	}
}

module.exports = { check, digest, Refusal };

if (require.main === module) {
	let failed = process.argv.length > 2 ? 0 : 2;
	for (const name of process.argv.slice(2)) {
		try {
			console.log(check(fs.readFileSync(name)));
		} catch (e) {
			if (!(e instanceof Refusal)) throw e;
			console.log(`no: ${e.message}`);
			failed = 1;
		}
	}
	process.exit(failed);
}
