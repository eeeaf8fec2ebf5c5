// Canonical JSON (docs/FORMATS.md, 1): RFC 8785 over texts, integers, booleans, lists and objects.
import { must } from './bytes.mjs';

const DEPTH = 32;
const VALUES = 65536;

export const isObject = (v) => v !== null && typeof v === 'object' && !Array.isArray(v);
export const has = (o, name) => Object.hasOwn(o, name);

export function write(v) {
	if (Array.isArray(v)) return `[${v.map(write).join()}]`;
	// sort() of texts is by UTF-16 code units, as RFC 8785 asks.
	if (isObject(v)) return `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${write(v[k])}`).join()}}`;
	return JSON.stringify(v);
}

export const same = (a, b) => write(a) === write(b);

// A text that may stand here: whole UTF-16 and no U+0000.
function sound(text) {
	must(!text.includes('\0'), 'a text holds U+0000', '文本中含 U+0000');
	must(!/\p{Cs}/u.test(text), 'a text holds half a character', '文本中含不完整的字符');
}

function inside(v, depth, count) {
	must(++count.n <= VALUES, 'more than 65,536 values', '值多于 65,536 个');
	must(v !== null, 'null is not a value here', '不允许 null');
	if (typeof v === 'number') must(Number.isSafeInteger(v), 'a number is no integer within 2^53-1', '数字不是 2^53-1 以内的整数');
	if (typeof v === 'string') sound(v);
	if (typeof v !== 'object') return;
	must(depth < DEPTH, 'more than 32 objects and arrays in each other', '对象与数组嵌套超过 32 层');
	for (const [name, member] of Object.entries(v)) {
		sound(name);
		inside(member, depth + 1, count);
	}
}

// The value of canonical bytes. Written again it must be the same text: so a member twice, a space, an escape that need not
// be, a fraction, an exponent and -0 are all refused by one comparison.
export function read(bytes) {
	let text, value;
	try {
		text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
		value = JSON.parse(text);
	} catch {
		must(false, 'this is no JSON text in UTF-8', '不是 UTF-8 编码的 JSON');
	}
	inside(value, 0, { n: 0 });
	must(write(value) === text, 'the text is not in canonical form: it was edited or saved by another program', '文本不是规范格式:曾被编辑或由其他程序另存');
	return value;
}
