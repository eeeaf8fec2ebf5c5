// What came later: corrections X, disputes P, statuses Z, in this order (docs/FORMATS.md, 5.6 and 6).
import { must } from './bytes.mjs';
import { has } from './json.mjs';
import { documents, entry, object, proof, sides, taxOf } from './shapes.mjs';
import { digest, evidence, signature } from './invoice.mjs';
import { head } from './note.mjs';

const ITEMS = 64;
const any = () => {};
const item = object({ 'X?': any, 'P?': any, 'Z?': any, sigs: sides, 'act?': any });

// {X, by, doc} of an item that stands where it may and is signed by who it says.
async function opened(x, before, { d, parties, verify }) {
	item(x, 'later');
	const letters = ['X', 'P', 'Z'].filter((l) => has(x, l)), [letter] = letters, doc = x[letter], by = Object.keys(x.sigs);
	must(letters.length === 1 && 'XPZ'.indexOf(letter) >= before && has(x, 'act') === (letter === 'P'),
		'later holds one of X, P with its act, or Z, in this order', '后续凭证须为 X、P(附行为记录)或 Z 之一,并依此次序');
	documents[letter](doc, letter);
	must(by.length > 0, `${letter} is signed by nobody`, `${letter} 无人签署`);
	must(letter === 'X' || by.length === 1, `${letter} is signed by both sides`, `${letter} 由双方签署`);
	for (const side of by) {
		const host = parties[side === 'provider' ? 0 : 1];
		must(host, 'a party without key has signed', '没有密钥的一方作了签署');
		await signature(doc, host, x.sigs[side], verify);
	}
	must((letter === 'X' ? doc.corrects : doc.invoice) === d, `${letter} is about another invoice`, `${letter} 所指不是本凭证`);
	return { letter, doc, by };
}

class Standing {
	constructor({ I, sigs, R }) {
		Object.assign(this, { limit: BigInt(I.voucher.net), rate: I.voucher.rate, net: BigInt(I.voucher.net), tax: BigInt(I.voucher.tax),
			agreed: has(sigs, 'I.consumer'), receipt: R, force: [], void: false, open: new Set(), reason: '', ways: [] });
	}

	correct(doc, by) {
		must(has(doc, 'prev') === this.force.length > 0 && doc.prev === this.force.at(-1), 'a correction does not follow the one in force before it',
			'更正未接续在先的有效更正');
		if (by.length === 2) this.enforce(doc);
		else this.open.add(by[0] === 'consumer' ? 'disputed' : this.agreed ? 'contested' : 'withdrawn');
		this.reason = doc.reason;
	}

	enforce(doc) {
		const net = this.net + BigInt(doc.net), tax = this.tax + BigInt(doc.tax);
		must(!this.void, 'a void invoice is corrected no more', '已撤销的凭证不再更正');
		must(doc.rate === this.rate && net >= 0n && net <= this.limit && tax === taxOf(net, this.rate) && (!doc.void || net === 0n),
			'the amounts of a correction do not follow from I', '更正金额与 I 不符');
		Object.assign(this, { net, tax, void: doc.void, replacement: doc.replacement });
		this.open.clear();
		this.force.push(digest(doc));
	}

	// Open until an X after it is in force, or, said by the consumer, until a later act of his log accepts.
	dispute(doc, takenBack) {
		const at = has(doc, 'prev') ? this.force.lastIndexOf(doc.prev) + 1 : 0;
		must(!has(doc, 'prev') || at > 0, 'a dispute follows no correction in force here', '异议所接续的更正不在此列');
		if (takenBack || at < this.force.length) return;
		this.open.add('disputed');
		this.reason = doc.reason;
	}

	words() {
		return { corrected: this.force.length > 0, void: this.void, disputed: this.open.has('disputed'), withdrawn: this.open.has('withdrawn'),
			contested: this.open.has('contested') };
	}
}

async function disputed(x, doc, side, s, { core, parties, verify }) {
	must(!has(doc, 'receipt') || !s.receipt || doc.receipt === digest(s.receipt), 'a dispute names another receipt', '异议所指收据不符');
	proof(x.act, 'act');
	s.ways.push(await evidence(x.act, parties[side === 'provider' ? 0 : 1], 'invoice.dispute', doc, x.sigs, verify));
	s.dispute(doc, side === 'consumer' && has(core, 'accept') && x.act.index < core.accept.index);
}

async function stated(doc, side, s, { parties, verify }) {
	const host = parties[side === 'provider' ? 0 : 1];
	entry(doc.entry, 'Z.entry');
	must(doc.entry.origin === host.origin, 'a status names an entry of another log', '状态所指存证属于另一条存证链');
	const { size } = await head(doc.head, host.log, verify);
	must(BigInt(doc.entry.index) < size, 'a status names an entry beyond its head', '状态所指存证超出其存证头');
	if (!s.status || doc.at > s.status.at) s.status = { at: doc.at, origin: host.origin, state: doc.state };
}

// Where the invoice stands after all of it: the five words, what is due now, the reason last given, the newest status.
export async function afterwards({ core, later }, parties, verify) {
	const all = { core, parties, verify, d: digest(core.I) }, s = new Standing(core);
	let before = 0;
	must(later.length <= ITEMS, `later holds more than ${ITEMS} items`, `后续凭证多于 ${ITEMS} 项`);
	for (const x of later) {
		const { letter, doc, by } = await opened(x, before, all);
		before = 'XPZ'.indexOf(letter);
		if (letter === 'X') s.correct(doc, by);
		else if (letter === 'P') await disputed(x, doc, by[0], s, all);
		else await stated(doc, by[0], s, all);
	}
	return { ...s.words(), net: s.net, tax: s.tax, reason: s.reason, replacement: s.replacement, status: s.status, ways: s.ways };
}
