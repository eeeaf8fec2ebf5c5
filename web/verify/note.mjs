// The log's key and its signed head: a C2SP signed-note of one signature whose text is a tlog-checkpoint (docs/FORMATS.md, 3).
import { equal, hex, must, sha256, unbase64, utf8 } from './bytes.mjs';
import { sound } from './ed25519.mjs';

const NEWLINE = Uint8Array.of(10);
const ORIGIN = 255;
// ASCII controls and space, '+', and Unicode's White_Space.
const NO_NAME = /[\u0000-\u0020\u007f+\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

// A log's vkey -> {name, id, key}. The name is the origin.
export function logKey(vkey, origin) {
	const parts = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(vkey);
	const typed = parts && unbase64(parts[3]);
	must(typed && typed.length === 33 && typed[0] === 1 && !NO_NAME.test(parts[1]) && utf8(parts[1]).length <= ORIGIN && sound(typed.subarray(1)),
		'a log key is not an Ed25519 verifier key', '存证链密钥不是 Ed25519 验证密钥');
	const id = sha256(utf8(parts[1]), NEWLINE, typed).subarray(0, 4);
	must(hex(id) === parts[2], 'a log key does not have the id it states', '存证链密钥与其编号不符');
	must(parts[1] === origin, 'a log key is not of this origin', '存证链密钥不属于该存证链');
	return { name: origin, id, key: typed.subarray(1) };
}

// The head that a note states, checked: {size (BigInt), root}.
export async function head(note, log, verify) {
	const parts = /^([^\n]+)\n(0|[1-9][0-9]{0,19})\n([A-Za-z0-9+/=]+)\n\n\u2014 ([^ \n]+) ([A-Za-z0-9+/=]+)\n$/.exec(note);
	must(parts, 'a head is no signed note with one signature', '存证头不是单一签名的签名文书');
	must(parts[1] === log.name && parts[4] === log.name, 'a head is of another log', '存证头属于另一条存证链');
	const root = unbase64(parts[3]), signed = unbase64(parts[5]), size = BigInt(parts[2]);
	must(root?.length === 32 && size < 2n ** 64n, 'a head states no size and root', '存证头未载明大小与树根');
	must(signed?.length === 68 && equal(signed.subarray(0, 4), log.id)
		&& await verify(log.key, utf8(note.slice(0, note.indexOf('\n\n') + 1)), signed.subarray(4)),
	'the signature of the log on its head does not verify', '存证头的签名未通过验证');
	return { size, root };
}
