// The verdict on an invoice file (docs/FORMATS.md, 6 and 7): the checks in their order; the first that fails is named.
// A second implementation, written from that page: `shugu-verify` is the first, tests/differential holds both to one answer.
import { Refusal, hex, must, sha256, unbase64url, base64url, unhex, utf8, equal } from './bytes.mjs';
import { has, read, same, write } from './json.mjs';
import { climb, leaf } from './tree.mjs';
import { head } from './note.mjs';
import { CHUNK, entry, file, hosts, presence } from './shapes.mjs';
import { afterwards } from './later.mjs';

const FILE_BYTES = 1 << 20;
export const CHECKS = ['file', 'signatures', 'digests', 'content', 'issue', 'accept', 'later', 'keys', 'object'];
export const LABELS = ['claimed', 'delivered', 'accepted', 'recorded'];

export const digest = (x) => hex(sha256(utf8(write(x))));

// A detached JWS over a document by a party of G.
export async function signature(x, host, text, verify) {
	const header = base64url(utf8(write({ alg: 'EdDSA', kid: host.kid, typ: `shugu-${x.kind}+jws` })));
	const parts = text.split('.'), bytes = parts.length === 3 && parts[1] === '' && unbase64url(parts[2]);
	const by = [`the signature on the ${x.kind} by ${host.kid}`, `${host.kid} 对 ${x.kind} 的签名`];
	must(bytes && bytes.length === 64, `${by[0]} is not of the form header..signature`, `${by[1]}格式有误`);
	must(parts[0] === header, `${by[0]} has another header`, `${by[1]}头部不符`);
	must(await verify(host.key, utf8(`${header}.${base64url(utf8(write(x)))}`), bytes), `${by[0]} does not verify`, `${by[1]}未通过验证`);
}

async function signatures({ core }, [provider, consumer], verify) {
	for (const name of ['G.provider', 'G.consumer', 'Q.consumer', 'M.provider', 'R.consumer', 'I.provider', 'I.consumer'])
		if (has(core.sigs, name)) await signature(core[name[0]], name.endsWith('provider') ? provider : consumer, core.sigs[name], verify);
}

// Each names what it builds on, and nothing that is not there.
function digests({ core: { G, Q, M, R, I } }) {
	const names = (x, member, of) => {
		if (x) must(of ? x[member] === digest(of) : !has(x, member), `the ${x.kind} names another ${member}`, `${x.kind} 所指的 ${member} 不符`);
	};
	for (const x of [Q, M, I]) names(x, 'agreement', G);
	names(M, 'request', Q);
	names(R, 'manifest', M);
	names(I, 'manifest', M);
	names(I, 'receipt', R);
}

const without = (o, ...names) => Object.fromEntries(Object.entries(o).filter(([k]) => !names.includes(k)));

function delivered({ G: { object: o }, Q, M, R, I: { voucher } }) {
	if (M) must(M.root === o.root && M.size === o.size && M.chunk === o.chunk, 'M is of another object than G', 'M 与 G 不是同一数据');
	if (Q) must(M.delivery === Q.delivery, 'M is another delivery than Q asked for', 'M 与 Q 不是同一次交付');
	const whole = o.size === 0 ? [] : [[0, o.size]];
	must(voucher.ranges.every(([, to]) => to <= o.size), 'ranges beyond the object', '范围超出数据');
	must(same(voucher.ranges, R ? R.ranges : whole), 'the ranges of I are not those that were received', 'I 的范围与实际接收不符');
	must(R?.result !== 'complete' || same(R.ranges, whole), 'a complete receipt does not cover the object', '完整收据未覆盖全部数据');
	must(!R || !has(R, 'bad') || R.bad < Math.ceil(o.size / CHUNK), 'the bad chunk lies beyond the object', '坏块超出数据');
}

function due(net, covered, size) {
	return size === 0n ? 0n : (2n * net * covered + size) / (2n * size);
}

function priced({ G, R, I: { voucher: v } }) {
	const size = BigInt(G.object.size), covered = v.ranges.reduce((sum, [from, to]) => sum + BigInt(to - from), 0n);
	must(v.product === G.object.product && v.revision === G.object.revision, 'product and revision are not those of G', '产品与版本和 G 不符');
	must(v.currency === G.price.currency && v.rate === G.price.rate, 'currency and rate are not those of G', '币种与税率和 G 不符');
	const net = !R || R.result === 'complete' ? BigInt(G.price.net) : due(BigInt(G.price.net), covered, size);
	must(BigInt(v.net) === net, 'net is not what G and the ranges give', '价款与 G 及范围不符');
}

function copied({ G, I }) {
	must(same(without(I.scenario, 'rules', 'classification', 'personal'), G.scenario), 'the scenario is not that of G', '场景与 G 不符');
	const of = (p) => without(p, 'key', 'kid', 'log', 'origin');
	must(same(I.entities, { provider: of(G.provider), consumer: of(G.consumer) }), 'the parties are not those of G', '双方与 G 不符');
	const { origin } = G.provider, slash = origin.indexOf('/'), host = origin.slice(0, slash), s = I.serial;
	must(slash >= 0 && s.startsWith(`${host}-${I.issued.slice(0, 4)}-`) && /^[0-9]{8}$/.test(s.slice(host.length + 6)),
		'the serial is not <origin host>-<year issued>-<8 digits>', '凭证编号不是“主机-年份-8 位数字”');
}

function entries({ G, R, I }, [provider, consumer]) {
	const names = ['offer', 'conclude', 'concluded', 'ask', 'start', 'receive', 'end'];
	for (const name of Object.keys(I.entries)) must(names.includes(name), `entries.${name} is not known`, `entries.${name} 是未知成员`);
	for (const name of names) {
		const host = ['conclude', 'ask', 'receive'].includes(name) ? consumer : provider;
		const asked = consumer && (R || (name !== 'receive' && name !== 'end'));
		must(has(I.entries, name) || !asked, `entries.${name} is missing`, `缺少 entries.${name}`);
		if (!has(I.entries, name)) continue;
		must(host, `entries.${name} is of a party without log`, `entries.${name} 所属一方没有存证链`);
		entry(I.entries[name], `entries.${name}`);
		must(I.entries[name].origin === host.origin, `entries.${name} is of another log`, `entries.${name} 属于另一条存证链`);
	}
}

function content({ core }, parties) {
	delivered(core);
	priced(core);
	copied(core);
	entries(core, parties);
}

// E of section 4: the act stands in the log of host and holds D(x) and these signatures (side -> detached JWS). Answers the
// head and the way to it.
export async function evidence(e, host, type, x, held, verify) {
	const { size, root } = await head(e.head, host.log, verify);
	must(BigInt(e.index) < size, 'the entry lies beyond the head', '存证位置超出存证头');
	const line = `shugu-act/1 ${hex(sha256(unhex(e.salt), utf8(write(e.act))))}`, first = leaf(utf8(line));
	const way = climb(first, e.index, size, e.path.map(unhex));
	must(equal(way.root, root), 'the path does not lead to the signed root', '路径未通向已签名的树根');
	must(e.act.type === type, `the act is no ${type}`, `该行为记录不是 ${type}`);
	const { body } = e.act;
	must(has(body, 'document') && body.document === digest(x), `${type} does not hold the document`, `${type} 未收录该文书`);
	for (const [side, jws] of Object.entries(held))
		must(has(body, 'signatures') && body.signatures?.[side] === hex(sha256(utf8(jws))), `${type} does not hold the signature of the ${side}`,
			`${type} 未收录${side === 'provider' ? '提供方' : '使用方'}的签名`);
	return { type, origin: host.origin, size, index: e.index, at: e.act.at, leaf: first, steps: way.steps, root, document: body.document };
}

// What stands in a file of bytes. `verify(key, message, signature)` is one of ed25519.mjs. Answers either {check, words} of
// the first check that fails, words = {en, zh}; or what was found. `passed` = the checks before it.
export async function check(bytes, verify) {
	const passed = [];
	let step = 'file';
	const at = async (name, act) => {
		step = name;
		const result = await act();
		passed.push(name);
		return result;
	};
	try {
		const { x, parties } = await at('file', () => {
			must(bytes.length <= FILE_BYTES, 'the file is larger than 1 MiB', '文件超过 1 MiB');
			const x = read(bytes);
			file(x, 'file');
			presence(x);
			return { x, parties: hosts(x.core.G) };
		});
		const { core } = x, { sigs, I } = core, provider = sigs['I.provider'], consumer = sigs['I.consumer'];
		await at('signatures', () => signatures(x, parties, verify));
		await at('digests', () => digests(x));
		await at('content', () => content(x, parties));
		const ways = [await at('issue', () => evidence(core.issue, parties[0], 'invoice.issue', I, { provider }, verify))];
		if (has(core, 'accept'))
			ways.push(await at('accept', () => evidence(core.accept, parties[1], 'invoice.accept', I, { provider, consumer }, verify)));
		const later = await at('later', () => afterwards(x, parties, verify));
		later.simulated = [core.G.provider.did, core.G.consumer.did].some((did) => did?.endsWith(':simulated'));
		return { ok: true, passed, core, parties, ways, later, reached: reached(core), digest: digest(I) };
	} catch (e) {
		if (!(e instanceof Refusal)) throw e;
		return { ok: false, passed, check: step, words: e.words };
	}
}

function reached(core) {
	const met = { claimed: true, delivered: has(core, 'R'), accepted: has(core.sigs, 'I.consumer'), recorded: has(core, 'accept') };
	return { ...met, label: LABELS.filter((l) => met[l]).at(-1) };
}

// Does what was found reach what is required? What is void or withdrawn meets nothing.
export const meets = (found, label) => found.ok && found.reached[label] && !found.later.void && !found.later.withdrawn && !found.later.simulated;
