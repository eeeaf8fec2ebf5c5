// What one document alone must be (docs/FORMATS.md, 2 and 5): members, types, sizes. A shape is a function of a value and of
// the place at which it stands; it throws where the value is of another shape.
import { must, unbase64, utf8 } from './bytes.mjs';
import { has, isObject, same, write } from './json.mjs';
import { sound } from './ed25519.mjs';
import { logKey } from './note.mjs';

const DOCUMENT = 524288, ACT = 65535, NOTE = 65536, PATH = 63;
const CHUNK = 262144;
const OBJECT = 2 ** 44;

const matching = (pattern, en, zh) => (v, at) => must(typeof v === 'string' && pattern.test(v), `${at} is no ${en}`, `${at} 不是${zh}`);
export const upTo = (max) => (v, at) =>
	must(typeof v === 'string' && utf8(v).length <= max, `${at} is no text of at most ${max} bytes`, `${at} 不是 ${max} 字节以内的文本`);
const text = upTo(4000);
const address = upTo(2000);
const reason = upTo(2000);
const origin = upTo(255);
export const hex = matching(/^[0-9a-f]{64}$/, 'digest', '摘要');
const uuid = matching(/^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, 'urn:uuid:', ' urn:uuid:');
const oneOf = (...list) => (v, at) => must(list.includes(v), `${at} is none of: ${list.join(', ')}`, `${at} 不在允许的值之中:${list.join('、')}`);
export const number = (from, to = Number.MAX_SAFE_INTEGER) => (v, at) =>
	must(Number.isSafeInteger(v) && v >= from && v <= to, `${at} is no whole number from ${from} to ${to}`, `${at} 不是 ${from} 到 ${to} 的整数`);
const integer = number(-Number.MAX_SAFE_INTEGER);
const boolean = (v, at) => must(typeof v === 'boolean', `${at} is neither true nor false`, `${at} 不是 true 或 false`);
const list = (each, max = Infinity) => (v, at) => {
	must(Array.isArray(v) && v.length <= max, `${at} is no list, or too long`, `${at} 不是列表或过长`);
	v.forEach((m, i) => each(m, `${at}[${i}]`));
};
const plain = (v, at) => must(isObject(v), `${at} is no object`, `${at} 不是对象`);
const filled = (v, at) => (text(v, at), must(v !== '', `${at} is empty`, `${at} 为空`));

// An object with these members and no others; one whose name ends with `?` may be absent.
export const object = (members) => {
	const shapes = new Map(Object.entries(members).map(([name, shape]) => [name.replace('?', ''), { shape, optional: name.endsWith('?') }]));
	return (v, at) => {
		plain(v, at);
		for (const name of Object.keys(v)) must(shapes.has(name), `${at}.${name} is not known here`, `${at}.${name} 是未知成员`);
		for (const [name, { shape, optional }] of shapes) {
			must(optional || has(v, name), `${at}.${name} is missing`, `缺少 ${at}.${name}`);
			if (has(v, name)) shape(v[name], `${at}.${name}`);
		}
	};
};
const document = (kind, members) => {
	const shape = object({ v: oneOf(1), kind: oneOf(kind), id: uuid, ...members });
	return (v, at) => {
		shape(v, at);
		must(utf8(write(v)).length <= DOCUMENT, `${at} is larger than ${DOCUMENT} bytes`, `${at} 超过 ${DOCUMENT} 字节`);
	};
};

export function time(v, at) {
	const ms = typeof v === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(v) ? Date.parse(v) : NaN;
	must(ms >= 0 && new Date(ms).toISOString() === v, `${at} is no time`, `${at} 不是时间`);
}

// ---- Parties ----------------------------------------------------------------------------------------------------------------

const person = { name: upTo(200), 'uscc?': upTo(18), assurance: oneOf('self-declared', 'partner-confirmed', 'ca-certificate', 'authority') };
const did = (v, at) => (upTo(255)(v, at), must(v.startsWith('did:'), `${at} is no DID`, `${at} 不是 DID`));
const withoutKey = object({ ...person, 'did?': did });
const withKey = object({ ...person, did, key: upTo(44), kid: upTo(510), log: upTo(510), origin });
export const keyed = (p) => ['key', 'kid', 'log', 'origin'].some((name) => has(p, name));

function party(v, at) {
	plain(v, at);
	if (!keyed(v)) return withoutKey(v, at);
	withKey(v, at);
	const key = unbase64(v.key);
	must(key?.length === 32 && sound(key), `${at}.key is not an Ed25519 key`, `${at}.key 不是 Ed25519 公钥`);
	must(v.kid.startsWith(v.did + '#') && v.kid.length > v.did.length + 1, `${at}.kid is not of its DID`, `${at}.kid 与其 DID 不符`);
	logKey(v.log, v.origin);
}

const part = (log) => log.split('+').slice(2).join('+');	// the key in a vkey
const differ = (a, b) => must(a.did !== b.did && a.key !== b.key && a.origin !== b.origin && part(a.log) !== part(b.log),
	'the parties are not two: DID, keys and logs must differ', '双方不是两个主体:DID、密钥与存证链须各不相同');

// ---- Documents --------------------------------------------------------------------------------------------------------------

export const taxOf = (net, rate) => (BigInt(net) * BigInt(rate) + 5000n) / 10000n;
const price = (members) => {
	const shape = object({ ...members, currency: oneOf('CNY'), net: number(0), rate: number(0, 10000), tax: number(0) });
	return (v, at) => {
		shape(v, at);
		must(BigInt(v.tax) === taxOf(v.net, v.rate), `${at}: tax does not follow from net`, `${at}:税额与价款不符`);
	};
};

export function ranges(v, at) {
	list(list(number(0, OBJECT), 2))(v, at);
	let end = -1;
	for (const r of v) {
		must(r.length === 2 && r[0] > end && r[0] < r[1], `${at}: ranges do not ascend, touch, or are empty`, `${at}:区间须递增、互不相接且非空`);
		end = r[1];
	}
}

const scenario = { purpose: text, 'territory?': text, 'until?': text, onward: text, 'disposal?': text };
const registration = (v, at) => {
	plain(v, at);
	object(has(v, 'status') ? { status: oneOf('未登记') } : { centre: filled, number: filled, time, receipt: filled })(v, at);
};
export const entry = object({ origin, index: number(0), leaf: hex });
const size = number(0, OBJECT);
const stored = object({ product: address, revision: number(1), root: hex, size, chunk: oneOf(CHUNK), sha256: hex });
const agreement = document('agreement', { openUntil: time, agreement: hex, provider: party, consumer: party, object: stored, terms: plain,
	price: price({}), scenario: object(scenario), receiptWithin: number(0) });
const receipt = document('receipt', { manifest: hex, seq: number(1), ranges, result: oneOf('partial', 'complete', 'refused'), 'bad?': number(0) });
const invoice = document('invoice', { serial: upTo(510), issued: time, agreement: hex, 'manifest?': hex, 'receipt?': hex,
	acceptance: oneOf('party', 'by link', 'none'),
	scenario: object({ ...scenario, rules: text, 'classification?': text, personal: boolean }),
	entities: plain, entries: plain,
	voucher: price({ product: address, revision: number(1), mode: text, security: text, start: time, end: time, ranges }),
	registration, supervision: object({ 'mirror?': address, status: address }) });

export const documents = {
	G(v, at) {
		agreement(v, at);
		must(keyed(v.provider), `${at}: the provider has no key`, `${at}:提供方没有密钥`);
		if (keyed(v.consumer)) differ(v.provider, v.consumer);
	},
	Q: document('request', { delivery: uuid, agreement: hex }),
	M: document('manifest', { delivery: uuid, agreement: hex, 'request?': hex, root: hex, size, chunk: oneOf(CHUNK), token: hex }),
	R(v, at) {
		receipt(v, at);
		must(!has(v, 'bad') || v.result === 'refused', `${at}.bad stands with refused only`, `${at}.bad 只与 refused 同在`);
	},
	I(v, at) {
		invoice(v, at);
		const { start, end } = v.voucher;
		must(start <= end && end <= v.issued, `${at}: start, end, issued are not in order`, `${at}:开始、结束、出具时间次序有误`);
	},
	X: document('correction', { corrects: hex, 'prev?': hex, void: boolean, net: integer, rate: integer, tax: integer, reason, 'replacement?': hex }),
	P: document('dispute', { invoice: hex, 'prev?': hex, reason, 'receipt?': hex }),
	Z: document('status', { invoice: hex, state: oneOf('issued', 'accepted', 'disputed', 'corrected', 'void'), entry: plain, head: upTo(NOTE), at: time }),
};

// ---- Proofs and the file ----------------------------------------------------------------------------------------------------

const act = object({ v: oneOf(1), type: upTo(200), at: time, actor: address, subject: address, 'prev?': hex, body: plain, 'sealed?': plain });
const parts = object({ act, salt: hex, index: number(0), path: list(hex, PATH), head: upTo(NOTE) });
export function proof(v, at) {
	parts(v, at);
	must(utf8(write(v.act)).length <= ACT, `${at}: the act is larger than ${ACT} bytes`, `${at}:行为记录超过 ${ACT} 字节`);
}

export const sides = object({ 'provider?': filled, 'consumer?': filled });
const { G, Q, M, R, I } = documents;
export const file = object({ v: oneOf(1), kind: oneOf('invoice-file'), later: (v, at) => list(() => {})(v, at),
	core: object({ G, 'Q?': Q, 'M?': M, 'R?': R, I, issue: proof, 'accept?': proof,
		sigs: object({ 'G.provider': filled, 'G.consumer?': filled, 'Q.consumer?': filled, 'M.provider?': filled, 'R.consumer?': filled,
			'I.provider': filled, 'I.consumer?': filled }) }) });

// What must be there together (docs/FORMATS.md, 6).
export function presence({ core: { G, sigs, ...core } }) {
	const both = keyed(G.consumer), there = (name) => has(core, name), signed = (name) => has(sigs, name);
	must(there('Q') === both && (there('M') || !both) && (both || !there('R')), 'Q, M and R do not fit the parties of G', 'Q、M、R 与 G 的双方不符');
	must(signed('G.consumer') === both && signed('Q.consumer') === both, 'the consumer\'s signatures on G and Q do not fit', '使用方对 G、Q 的签名不符');
	must(signed('M.provider') === there('M'), 'M and its signature come together', 'M 与其签名须同在');
	must(signed('R.consumer') === there('R'), 'R and its signature come together', 'R 与其签名须同在');
	must(both || !signed('I.consumer'), 'a party without key has signed I', '没有密钥的一方签署了 I');
	must(!there('accept') || signed('I.consumer'), 'accepted without the consumer\'s signature', '有确认存证而无使用方签名');
	must((core.I.acceptance === 'party') === both, 'acceptance does not fit the consumer of G', '确认方式与 G 的使用方不符');
	return both;
}

// The parties of a G that has its shape: [provider, consumer or none], with keys read.
export const hosts = (G) => [G.provider, G.consumer].map((p) =>
	keyed(p) ? { did: p.did, kid: p.kid, origin: p.origin, keyText: p.key, logText: p.log, key: unbase64(p.key), log: logKey(p.log, p.origin) } : null);

export { CHUNK, same };
