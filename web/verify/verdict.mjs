// A verdict as people and programs read it: the lines and the JSON of `shugu-verify`, from what invoice.mjs found.
import { has, write } from './json.mjs';
import { say } from './words.mjs';

const capital = (word) => word[0].toUpperCase() + word.slice(1);
const FLAGS = ['corrected', 'void', 'disputed', 'withdrawn', 'contested', 'simulated'];
// Names are what another wrote: no control character of theirs is shown.
const shown = (text) => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, '?');
export const yuan = (fen) => `${BigInt(fen) / 100n}.${String(BigInt(fen) % 100n).padStart(2, '0')}`;

export const flags = (found) => FLAGS.filter((flag) => found.later[flag]);
export const checkName = (language, check) => say(language, 'check' + capital(check));

// What was proved, in one sentence.
export function sentence(found, language) {
	if (!found.ok) return `${say(language, 'refused')}: ${checkName(language, found.check)}: ${shown(found.words[language])}`;
	const words = [found.reached.label, ...flags(found)].map((w) => say(language, w)).join('; ');
	return `${words}: ${say(language, 'means' + capital(found.reached.label))}, ${say(language, 'asOf')} ${asOf(found)}`;
}
export const asOf = (found) => found.ways.at(-1).at;

// The lines below it: [name of a word, value or none]. `trusted` and `object` tell what stood beside the file.
export function facts(found, { trusted, object } = {}) {
	const { core, later, ways } = found, { I, G } = core;
	const lines = [['serial', I.serial], ['provider', G.provider.name], ['consumer', G.consumer.name], ['product', I.voucher.product],
		['amount', `${yuan(I.voucher.net)} + ${yuan(I.voucher.tax)}`]];
	if (later.corrected) lines.push(['due', `${yuan(later.net)} + ${yuan(later.tax)}`]);
	if (later.replacement) lines.push(['replaced', later.replacement]);
	if (later.reason) lines.push(['reason', later.reason]);
	if (later.status) lines.push(['status', `${later.status.state}, ${later.status.at}, ${later.status.origin}`]);
	if (!has(core, 'R')) lines.push(['noReceipt']);
	if (!has(core.sigs, 'I.consumer')) lines.push(['unsigned']);
	for (const way of ways) lines.push(['head', `${way.size}, ${way.origin}, ${way.at}`]);
	lines.push(['named', Object.keys(I.entries).sort().join(' ')], ['later'], [trusted ? 'trusted' : 'keys']);
	if (object) lines.push(['object']);
	lines.push(['independence'], ['noTax']);
	return lines;
}

// The text of `shugu-verify --lang`, byte for byte where the check has passed.
export function text(found, language, beside) {
	if (!found.ok) return sentence(found, language) + '\n';
	const lines = facts(found, beside).map(([name, value]) => {
		const after = name === 'named' ? `:${value ? ' ' + value : ''}` : value ? `: ${value}` : '';
		return `  ${say(language, name)}${shown(after)}\n`;
	});
	return `${sentence(found, language)}\n${lines.join('')}`;
}

// The object of `shugu-verify --json`.
export function json(found, { trusted, object } = {}) {
	if (!found.ok) return write({ check: checkName('en', found.check), detail: found.words.en, ok: false });
	const { core: { I }, later, reached, ways } = found, { net, tax } = I.voucher, { status } = later;
	return write({ ...Object.fromEntries(FLAGS.map((f) => [f, later[f]])), ...Object.fromEntries(['delivered', 'accepted', 'recorded'].map((l) => [l, reached[l]])),
		label: reached.label, ok: true, serial: I.serial, digest: found.digest, net, tax, dueNet: Number(later.net), dueTax: Number(later.tax),
		heads: ways.map(({ at, index, origin, size }) => ({ at, index, origin, size: Number(size) })),
		...(status ? { status } : {}), trusted: Boolean(trusted), object: Boolean(object) });
}

