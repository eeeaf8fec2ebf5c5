// tests/conformance/invoice_changes.js: changes of a good invoice file that every reader must refuse, and one file made anew that
// it must accept. Some are signed anew with the keys of both nodes: what the parties themselves could forge.
'use strict';
const crypto = require('crypto');
const fs = require('fs');
const path = require('path');
const canonicalize = require('canonicalize');

const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts.map((p) => Buffer.from(p)))).digest();
const copy = (x) => JSON.parse(JSON.stringify(x));
const bytes = (x) => Buffer.from(canonicalize(x));
const digest = (x) => sha256(canonicalize(x)).toString('hex');

// A key as it lies in a node's directory.
function seed(data, name) {
	const raw = Buffer.from(fs.readFileSync(path.join(data, 'keys', name), 'utf8').trim(), 'base64');
	return crypto.createPrivateKey({ key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), raw]), format: 'der', type: 'pkcs8' });
}
const signed = (key, text) => crypto.sign(null, Buffer.from(text), key);

// What both sides together can make: digests, signatures and proofs anew, so that only what was changed is wrong.
class Forge {
	constructor(provider, consumer) {
		const keysOf = (data) => ({ party: seed(data, 'party.key'), log: seed(data, 'log.key') });
		this.keys = { provider: keysOf(provider), consumer: keysOf(consumer) };
	}

	sign({ core }) {
		const { G, Q, M, R, I, sigs } = core;
		for (const x of [Q, M, I]) x.agreement = digest(G);
		M.request = digest(Q);
		if (R) R.manifest = digest(M);
		I.manifest = digest(M);
		if (R) I.receipt = digest(R);
		for (const name of Object.keys(sigs)) {
			const [letter, side] = name.split('.');
			sigs[name] = this.jws(core[letter], G[side], side);
		}
	}

	// E of an act alone in its log.
	prove(e, { G }, side) {
		const { origin, log } = G[side];
		const leaf = sha256([0], 'shugu-act/1 ' + sha256(Buffer.from(e.salt, 'hex'), bytes(e.act)).toString('hex'));
		const text = `${origin}\n1\n${leaf.toString('base64')}\n`;
		const id = Buffer.from(log.split('+')[1], 'hex');
		const signature = Buffer.concat([id, signed(this.keys[side].log, text)]).toString('base64');
		Object.assign(e, { index: 0, path: [], head: `${text}\n\u2014 ${origin} ${signature}\n` });
	}

	acts({ core }) {
		const held = (...sides) => Object.fromEntries(sides.map((s) => [s, sha256(core.sigs[`I.${s}`]).toString('hex')]));
		Object.assign(core.issue.act.body, { document: digest(core.I), signatures: held('provider') });
		Object.assign(core.accept.act.body, { document: digest(core.I), signatures: held('provider', 'consumer') });
	}

	jws(x, party, side) {
		const header = Buffer.from(canonicalize({ alg: 'EdDSA', kid: party.kid, typ: `shugu-${x.kind}+jws` })).toString('base64url');
		return `${header}..${signed(this.keys[side].party, `${header}.${bytes(x).toString('base64url')}`).toString('base64url')}`;
	}

	// A document of section 5.6 as it stands in `later`.
	later(core, letter, doc, ...sides) {
		const of = letter === 'X' ? 'corrects' : 'invoice';
		const x = { v: 1, kind: { X: 'correction', P: 'dispute', Z: 'status' }[letter], id: `urn:uuid:01980000-0000-7000-8000-${crypto.randomBytes(6).toString('hex')}`,
			[of]: digest(core.I), ...doc };
		return { [letter]: x, sigs: Object.fromEntries(sides.map((side) => [side, this.jws(x, core.G[side], side)])) };
	}

	// P with its act, of which `change` may make something else; the index is 0, so an acceptance that stands later closes it.
	dispute(core, doc, side, change = () => {}) {
		const p = this.later(core, 'P', { reason: 'no', ...doc }, side);
		p.act = { act: { v: 1, type: 'invoice.dispute', at: core.I.issued, actor: 'node', subject: core.I.id,
			body: { document: digest(p.P), signatures: { [side]: sha256(p.sigs[side]).toString('hex') }, reason: 'no' } }, salt: '0'.repeat(64) };
		change(p.act.act);
		this.prove(p.act, core, side);
		return p;
	}

	// Signed anew, after a change of the documents and before one of the acts.
	file(good, documents = () => {}, acts = () => {}) {
		const x = copy(good);
		documents(x.core);
		this.sign(x);
		this.acts(x);
		acts(x.core);
		this.prove(x.core.issue, x.core, 'provider');
		this.prove(x.core.accept, x.core, 'consumer');
		return bytes(x);
	}
}

// The next letter of base64 differs in the last bit: a spare one, where the text has any.
function spare(text) {
	const at = text.replace(/=+$/, '').length - 1;
	const all = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
	return text.slice(0, at) + all[all.indexOf(text[at]) ^ 1] + text.slice(at + 1);
}
const flip = (hex) => (hex[0] === '0' ? '1' : '0') + hex.slice(1);
// The same signature with S + L.
function malleable(jws) {
	const [header, , text] = jws.split('.');
	const raw = Buffer.from(text, 'base64url');
	const s = BigInt('0x' + Buffer.from(raw.subarray(32)).reverse().toString('hex')) + 2n ** 252n + 27742317777372353535851937790883648493n;
	Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse().copy(raw, 32);
	return `${header}..${raw.toString('base64url')}`;
}

// [what was changed, the step at which a reader finds it, the bytes].
function changes(text, forge) {
	const good = JSON.parse(text);
	const list = [];
	const raw = (name, changed) => list.push([name, 'file', Buffer.from(changed)]);
	const tree = (name, step, change) => {
		const x = copy(good);
		change(x.core, x);
		list.push([name, step, bytes(x)]);
	};
	const forged = (name, step, documents, acts) => list.push([name, step, forge.file(good, documents, acts)]);

	raw('a line end behind it', text + '\n');
	raw('a byte order mark before it', '\ufeff' + text);
	raw('a space in it', text.replace('{"core"', '{ "core"'));
	raw('a member twice', text.replace('{"core"', '{"v":1,"core"'));
	raw('a letter spelled as an escape', text.replace('"kind":"invoice-file"', '"kind":"\\u0069nvoice-file"'));
	raw('cut in half', text.slice(0, text.length / 2));
	raw('a number with a fraction', text.replace(/"v":1}$/, '"v":1.0}'));
	tree('an unknown member beside I', 'file', (core) => { core.J = {}; });
	tree('an unknown member of I', 'file', (core) => { core.I.note = 'x'; });
	tree('an unknown member of an act', 'file', (core) => { core.issue.act.note = 'x'; });
	tree('no `later`', 'file', (core, x) => { delete x.later; });
	tree('another version', 'file', (core, x) => { x.v = 2; });
	tree('R taken out', 'file', (core) => { delete core.R; });
	tree('Q and its signature taken out', 'file', (core) => { delete core.Q; delete core.sigs['Q.consumer']; });
	tree('an acceptance without its signature', 'file', (core) => { delete core.sigs['I.consumer']; });
	tree('a key of small order', 'file', (core) => { core.G.provider.key = Buffer.concat([Buffer.from([1]), Buffer.alloc(31)]).toString('base64'); });
	tree('a digest in capitals', 'file', (core) => { core.G.object.sha256 = core.G.object.sha256.toUpperCase().replace(/^./, 'A'); });
	tree('a price', 'signatures', (core) => { core.G.price.net += 1; core.G.price.tax = Math.floor((core.G.price.net * core.G.price.rate + 5000) / 10000); });
	tree('the keys of the two exchanged', 'signatures', ({ G }) => { [G.provider.key, G.consumer.key] = [G.consumer.key, G.provider.key]; });
	tree('two signatures exchanged', 'signatures', ({ sigs }) => { [sigs['I.provider'], sigs['I.consumer']] = [sigs['I.consumer'], sigs['I.provider']]; });
	tree('spare bits of a signature', 'signatures', ({ sigs }) => { sigs['M.provider'] = spare(sigs['M.provider']); });
	tree('S of a signature, larger by L', 'signatures', ({ sigs }) => { sigs['R.consumer'] = malleable(sigs['R.consumer']); });
	tree('a signature of another document', 'signatures', ({ sigs }) => { sigs['Q.consumer'] = sigs['R.consumer']; });
	tree('the leaf of an entry that I names', 'signatures', ({ I }) => { I.entries.start.leaf = flip(I.entries.start.leaf); });
	for (const [name, step] of [['issue', 'issue'], ['accept', 'accept']]) {
		tree(`the salt of ${name}`, step, (core) => { core[name].salt = flip(core[name].salt); });
		tree(`the index of ${name}`, step, (core) => { core[name].index -= 1; });
		tree(`a hash of the path of ${name}`, step, (core) => { core[name].path[0] = flip(core[name].path[0]); });
		tree(`a path of ${name} that is too long`, step, (core) => { core[name].path.push('0'.repeat(64)); });
		tree(`a path of ${name} that is too short`, step, (core) => { core[name].path.pop(); });
		tree(`the time of the act of ${name}`, step, (core) => { core[name].act.at = core[name].act.at.replace(/.Z$/, (end) => (end === '0Z' ? '1Z' : '0Z')); });
		tree(`the size in the head of ${name}`, step, (core) => { core[name].head = core[name].head.replace(/\n(\d+)\n/, (_, n) => `\n${Number(n) + 1}\n`); });
		tree(`the root in the head of ${name}`, step, (core) => { core[name].head = core[name].head.replace(/\n(.)(.*)\n\n/, (_, a, b) => `\n${a === 'A' ? 'B' : 'A'}${b}\n\n`); });
		tree(`two signature lines in the head of ${name}`, step, (core) => { core[name].head += core[name].head.split('\n\n')[1]; });
	}
	tree('the issue as acceptance', 'accept', (core) => { core.accept = core.issue; });
	tree('the acceptance as issue', 'issue', (core) => { core.issue = core.accept; });
	tree('the head of the other log', 'issue', (core) => { core.issue.head = core.accept.head; });
	forged('a smaller amount, signed anew', 'content', ({ I }) => { I.voucher.net -= 1; });
	forged('another tax, signed anew', 'file', ({ I }) => { I.voucher.tax += 1; });
	forged('another purpose, signed anew', 'content', ({ I }) => { I.scenario.purpose += '!'; });
	forged('another name, signed anew', 'content', ({ I }) => { I.entities.consumer.name += '!'; });
	forged('another object in M, signed anew', 'content', ({ M }) => { M.root = flip(M.root); });
	forged('complete, but not all of it, signed anew', 'content', ({ R, I }) => { R.ranges = [[0, 1]]; I.voucher.ranges = R.ranges; });
	forged('a tax in G, signed anew', 'file', ({ G }) => { G.price.tax += 1; });
	forged('an end after the issue, signed anew', 'file', ({ I }) => { I.voucher.end = I.issued.replace(/^2/, '3'); });
	forged('a serial of another host, signed anew', 'content', ({ I }) => { I.serial = 'x' + I.serial; });
	forged('an entry of the other log, signed anew', 'content', ({ I }) => { I.entries.start.origin = I.entries.conclude.origin; });
	forged('an act of another type', 'issue', undefined, ({ issue }) => { issue.act.type = 'invoice.received'; });
	forged('an act about another invoice', 'issue', undefined, ({ issue }) => { issue.act.body.document = flip(issue.act.body.document); });
	forged('an acceptance of another signature', 'accept', undefined, ({ accept }) => { accept.act.body.signatures.provider = flip(accept.act.body.signatures.provider); });
	return list;
}

// Files of two parties who agree on odd things: [what is odd, whether docs/FORMATS.md takes it, the bytes].
function edges(text, forge) {
	const good = JSON.parse(text);
	const { size } = good.core.G.object;
	const list = [];
	const edge = (name, taken, documents, acts) => list.push([name, taken, forge.file(good, documents, acts)]);
	const x = (n) => 'x'.repeat(n);
	const nest = (n) => (n === 0 ? {} : { a: nest(n - 1) });
	// At a limit, and one beyond it.
	const limit = (name, n, change) => [0, 1].forEach((more) => edge(`${name} of ${n + more}`, more === 0, change(n + more)));
	limit('a name', 200, (n) => ({ G, I }) => { G.consumer.name = I.entities.consumer.name = x(n); });
	limit('a name in three bytes a letter, and one more,', 198, (n) => ({ G, I }) => { G.consumer.name = I.entities.consumer.name = '谷'.repeat(n === 198 ? 66 : 67); });
	limit('a code', 18, (n) => ({ G, I }) => { G.consumer.uscc = I.entities.consumer.uscc = x(n); });
	limit('a DID', 255, (n) => ({ G, I }) => { G.consumer.did = I.entities.consumer.did = 'did:' + x(n - 4); G.consumer.kid = G.consumer.did + '#k'; });
	limit('a kid', 510, (n) => ({ G }) => { G.consumer.kid = (G.consumer.did + '#').padEnd(n, 'x'); });
	limit('a purpose', 4000, (n) => ({ G, I }) => { G.scenario.purpose = I.scenario.purpose = x(n); });
	limit('an address', 2000, (n) => ({ I }) => { I.supervision.status = x(n); });
	limit('levels', 32, (n) => ({ G }) => { G.terms = nest(n - 4); });
	limit('a rate', 10000, (n) => ({ G, I }) => {
		G.price.rate = I.voucher.rate = n;
		G.price.tax = I.voucher.tax = Math.floor((G.price.net * n + 5000) / 10000);
	});
	// Amounts: net x covered div size, half up.
	const taken = (result, ranges, bad) => ({ G, R, I }) => {
		const covered = ranges.reduce((sum, [from, to]) => sum + BigInt(to - from), 0n), all = BigInt(size);
		const net = (2n * BigInt(G.price.net) * covered + all) / (2n * all);
		Object.assign(R, { result, ranges }, bad === undefined ? {} : { bad });
		Object.assign(I.voucher, { ranges, net: Number(net), tax: Number((net * BigInt(G.price.rate) + 5000n) / 10000n) });
	};
	edge('half of it', true, taken('partial', [[0, size / 2 | 0]]));
	edge('all of it, yet partial', true, taken('partial', [[0, size]]));
	edge('two parts and a bad chunk', true, taken('refused', [[1, 2], [3, size - 1]], 0));
	edge('nothing of it', true, taken('refused', []));
	edge('a bad chunk beyond the end', false, taken('refused', [], Math.ceil(size / 262144)));
	edge('a bad chunk of what is complete', false, taken('complete', [[0, size]], 0));
	edge('ranges that touch', false, taken('partial', [[0, 1], [1, 3]]));
	edge('an empty range', false, taken('partial', [[1, 1]]));
	edge('ranges that descend', false, taken('partial', [[5, 6], [1, 2]]));
	edge('a range beyond the end', false, taken('partial', [[0, size + 1]]));
	const empty = (result, net) => ({ G, M, R, I }) => {
		G.object.size = M.size = 0;
		Object.assign(R, { result, ranges: [] });
		Object.assign(I.voucher, { ranges: [], net, tax: Math.floor((net * G.price.rate + 5000) / 10000) });
	};
	for (const [result, due] of [['complete', true], ['refused', false], ['partial', false]]) {
		edge(`an empty object, ${result}, for its price`, due, empty(result, good.core.G.price.net));
		edge(`an empty object, ${result}, for nothing`, !due, empty(result, 0));
	}
	edge('the largest amount', true, ({ G, I }) => [G.price, I.voucher].forEach((p) => Object.assign(p, { net: 2 ** 53 - 1, rate: 10000, tax: 2 ** 53 - 1 })));
	edge('a negative amount', false, ({ G, I }) => [G.price, I.voucher].forEach((p) => Object.assign(p, { net: -1, tax: 0 })));
	edge('no code', true, ({ G, I }) => { delete G.consumer.uscc; delete I.entities.consumer.uscc; });
	edge('no name', true, ({ G, I }) => { G.consumer.name = I.entities.consumer.name = ''; });
	edge('a kid that needs escapes', true, ({ G }) => { G.consumer.kid += '"\\\n'; });
	edge('a kid without a fragment', false, ({ G }) => { G.consumer.kid = G.consumer.did + '#'; });
	edge('a name that is no DID', false, ({ G, I }) => { G.consumer.did = I.entities.consumer.did = 'web:x'; G.consumer.kid = 'web:x#k'; });
	edge('one DID for both', false, ({ G, I }) => { G.consumer.did = I.entities.consumer.did = G.provider.did; G.consumer.kid = G.provider.did + '#key-2'; });
	edge('one key for both', false, ({ G }) => { G.consumer.key = G.provider.key; });
	edge('an assurance that there is not', false, ({ G, I }) => { G.consumer.assurance = I.entities.consumer.assurance = 'none'; });
	edge('another delivery in Q', false, ({ Q }) => { Q.delivery = Q.id; });
	edge('names in the order of UTF-16', true, ({ G }) => { G.terms = { '\ufb33': 1, '\u{1f600}': 2 }; });
	edge('U+0000', false, ({ G }) => { G.terms = { a: '\0' }; });
	edge('null', false, ({ G }) => { G.terms = { a: null }; });
	edge('a fraction', false, ({ G }) => { G.terms = { a: 0.5 }; });
	edge('1970', true, ({ G }) => { G.openUntil = '1970-01-01T00:00:00.000Z'; });
	edge('1969', false, ({ G }) => { G.openUntil = '1969-12-31T23:59:59.999Z'; });
	edge('a day that there is not', false, ({ G }) => { G.openUntil = '2026-02-29T00:00:00.000Z'; });
	edge('a day of a leap year', true, ({ G }) => { G.openUntil = '2028-02-29T00:00:00.000Z'; });
	edge('24 o\'clock', false, ({ G }) => { G.openUntil = '2026-01-01T24:00:00.000Z'; });
	edge('a receipt from a centre', true, ({ I }) => { I.registration = { centre: 'a', number: '1', time: I.issued, receipt: 'r' }; });
	edge('a receipt that is not registered', false, ({ I }) => { I.registration = { status: '未登记', centre: 'a', number: '1', time: I.issued, receipt: 'r' }; });
	edge('a classification', true, ({ I }) => { I.scenario.classification = 'general'; });
	edge('an entry that I does not name', false, ({ I }) => { delete I.entries.end; });
	edge('acceptance by nobody', false, ({ I }) => { I.acceptance = 'none'; });
	edge('a serial of another year', false, ({ I }) => { I.serial = I.serial.replace(/-\d{4}-/, '-1999-'); });
	edge('more in the body of an act', true, undefined, ({ issue }) => { issue.act.body.more = 'x'; });
	edge('a signature too few in an act', false, undefined, ({ accept }) => { delete accept.act.body.signatures.consumer; });
	edge('a day that there is not in an act', false, undefined, ({ issue }) => { issue.act.at = '2026-02-30T00:00:00.000Z'; });
	return list;
}

// What may come later, and what may not: [what, the words behind the label or null where it is refused, the bytes]. The file is
// given with its consumer's acceptance; `plain` without it.
function afterwards(text, forge) {
	const good = JSON.parse(text), { core } = good, list = [];
	const { net, tax, rate } = core.I.voucher;
	const plain = copy(good);
	delete plain.core.accept;
	const unsigned = copy(plain);
	delete unsigned.core.sigs['I.consumer'];
	const edge = (name, words, later, base = good) => list.push([name, words, bytes({ ...base, later })]);
	const both = ['provider', 'consumer'];
	// An X after which so much of the amount now due is due.
	const x = (from, to, more = {}, sides = both) => {
		const due = (n) => Math.floor((n * rate + 5000) / 10000);
		return forge.later(core, 'X', { void: false, net: to - from, rate, tax: due(to) - due(from), reason: 'r', ...more }, ...sides);
	};
	const after = (e) => ({ prev: digest(e.X) });
	const one = x(net, 5000), two = x(5000, 7, after(one)), gone = x(net, 0, { void: true });
	edge('an X', 'corrected', [one]);
	edge('two X', 'corrected', [one, two]);
	edge('two X in the wrong order', null, [two, one]);
	edge('two X of one place', null, [one, x(5000, 7)]);
	edge('an X after one that is not there', null, [two]);
	edge('an X to the same amount', 'corrected', [x(net, net)]);
	edge('an X to more', null, [x(net, net + 1)]);
	edge('an X to less than nothing', null, [x(net, -1)]);
	edge('an X up again', 'corrected', [one, x(5000, net, after(one))]);
	edge('an X with another tax', null, [x(net, 5000, { tax: -tax })]);
	edge('an X at another rate', null, [x(net, 5000, { rate: rate + 1 })]);
	edge('an X of another invoice', null, [x(net, 5000, { corrects: core.I.receipt })]);
	edge('an X with a replacement', 'corrected', [x(net, 5000, { replacement: core.I.receipt })]);
	edge('an X with an unknown member', null, [x(net, 5000, { more: 'x' })]);
	edge('an X that makes it void', 'corrected; void', [gone]);
	edge('an X that makes it void, with an amount', null, [x(net, 5000, { void: true })]);
	edge('an X down to nothing', 'corrected', [x(net, 0)]);
	edge('an X of the consumer alone', 'disputed', [x(net, 5000, {}, ['consumer'])]);
	edge('an X of the provider alone', 'contested', [x(net, 5000, {}, ['provider'])]);
	edge('an X of the provider alone, where only he has signed', 'withdrawn', [x(net, 5000, {}, ['provider'])], unsigned);
	edge('an X of nobody', null, [x(net, 5000, {}, [])]);
	edge('an X after one of the consumer alone', 'corrected', [x(net, 5000, {}, ['consumer']), one]);
	edge('an X of the consumer alone, after another', 'corrected; disputed', [one, x(5000, 7, after(one), ['consumer'])]);
	edge('an X of each side alone, of one place', 'disputed; contested', [x(net, 5000, {}, ['consumer']), x(net, 6000, {}, ['provider'])]);
	edge('an X of the consumer alone to more', 'disputed', [x(net, net + 1, {}, ['consumer'])]);
	const wrong = x(net, 5000);
	wrong.sigs.consumer = one.sigs.consumer;
	edge('an X with the signature of another', null, [wrong]);

	edge('a P of the provider', 'disputed', [forge.dispute(core, {}, 'provider')]);
	edge('a P of the consumer before the acceptance', '', [forge.dispute(core, {}, 'consumer')]);
	edge('a P of the consumer', 'disputed', [forge.dispute(core, {}, 'consumer')], plain);
	edge('a P before an X', 'corrected', [one, forge.dispute(core, {}, 'provider')]);
	edge('a P after an X', 'corrected; disputed', [one, forge.dispute(core, after(one), 'provider')]);
	edge('a P with R', 'disputed', [forge.dispute(core, { receipt: core.I.receipt }, 'consumer')], plain);
	edge('a P after an X that is not there', null, [forge.dispute(core, after(one), 'provider')]);
	edge('a P before its X', null, [forge.dispute(core, {}, 'provider'), one]);
	edge('a P of another invoice', null, [forge.dispute(core, { invoice: core.I.receipt }, 'provider')]);
	edge('a P whose act is another', null, [forge.dispute(core, {}, 'provider', (act) => { act.type = 'invoice.disputed'; })]);
	edge('a P whose act holds another', null, [forge.dispute(core, {}, 'provider', (act) => { act.body.document = core.I.receipt; })]);
	edge('a P whose act holds another signature', null, [forge.dispute(core, {}, 'provider', (act) => { act.body.signatures.provider = core.I.receipt; })]);
	const crossed = forge.dispute(core, {}, 'provider');
	crossed.act = forge.dispute(core, {}, 'consumer').act;
	edge('a P with the act of another', null, [crossed]);
	edge('a P of both', null, [{ ...forge.dispute(core, {}, 'provider'), ...forge.later(core, 'P', { reason: 'no' }, ...both) }]);

	const z = (more = {}, ...sides) => forge.later(core, 'Z', { state: 'accepted', at: core.I.issued, head: core.issue.head,
		entry: { origin: core.G.provider.origin, index: 0, leaf: core.I.receipt }, ...more }, ...(sides.length ? sides : ['provider']));
	edge('a Z', '', [z()]);
	edge('a Z with the head of the other log', null, [z({ head: core.accept.head })]);
	edge('a Z with an entry of the other log', null, [z({ entry: { origin: core.G.consumer.origin, index: 0, leaf: core.I.receipt } })]);
	edge('a Z with an entry beyond its head', null, [z({ entry: { origin: core.G.provider.origin, index: 1 << 20, leaf: core.I.receipt } })]);
	edge('a Z with a state that there is not', null, [z({ state: 'paid' })]);
	edge('a Z of both', null, [z({}, ...both)]);
	edge('a Z before an X', null, [z(), one]);
	edge('something else', null, [{ Y: one.X, sigs: one.sigs }]);
	edge('an X beside a P', null, [{ ...forge.dispute(core, {}, 'provider'), X: one.X }]);
	edge('an X after one that made it void', null, [gone, x(0, 5, after(gone))]);
	edge('an X of the consumer alone after that', 'corrected; void; disputed', [gone, x(0, 5, after(gone), ['consumer'])]);
	edge('a P after that', 'corrected; void; disputed', [gone, forge.dispute(core, after(gone), 'provider')]);
	return list;
}

module.exports = { Forge, afterwards, changes, edges };
