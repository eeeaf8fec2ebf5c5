// Digests in the browser. A page over plain http has no crypto.subtle, and a file may be of any size: so noble, a piece at a time.
import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@noble/hashes/utils.js';

const PIECE = 4 << 20;

// SHA-256 of a file in hex; told(done, size) as it goes, stop() ends it.
export async function digestFile(file, told = () => {}, stop = () => false) {
	const h = sha256.create();
	for (let at = 0; at < file.size; at += PIECE) {
		if (stop())
			return null;
		h.update(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()));
		told(Math.min(at + PIECE, file.size), file.size);
	}
	return bytesToHex(h.digest());
}

export const digestText = (text) => bytesToHex(sha256(utf8ToBytes(text)));

// RFC 8785 over what an act may hold.
export function canonical(v) {
	if (Array.isArray(v))
		return `[${v.map(canonical).join(',')}]`;
	if (v && typeof v === 'object')
		return `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`).join(',')}}`;
	return JSON.stringify(v);
}

const node = (a, b) => sha256(concatBytes(new Uint8Array([1]), a, b));

// The way from an act to the root in its head (docs/FORMATS.md, 4): the steps for the picture, and whether it leads there.
export function pathOf(e) {
	const salted = sha256(concatBytes(hexToBytes(e.salt), utf8ToBytes(canonical(e.act))));
	let hash = sha256(concatBytes(new Uint8Array([0]), utf8ToBytes(`shugu-act/1 ${bytesToHex(salted)}`)));
	const [origin, size, root] = e.head.split('\n');
	let at = BigInt(e.index), end = BigInt(size) - 1n, ok = at <= end;
	const steps = [{ own: bytesToHex(hash) }];
	for (const hex of e.path) {
		const other = hexToBytes(hex);
		if (end === 0n)
			ok = false;
		const right = (at & 1n) === 1n || at === end;
		hash = right ? node(other, hash) : node(hash, other);
		steps[steps.length - 1].other = hex;
		steps[steps.length - 1].left = right;
		steps.push({ own: bytesToHex(hash) });
		while (right && (at & 1n) === 0n && at !== 0n) { at >>= 1n; end >>= 1n; }
		at >>= 1n;
		end >>= 1n;
	}
	const stated = bytesToHex(Uint8Array.from(atob(root), (ch) => ch.charCodeAt(0)));
	return { origin, size: Number(size), root: stated, steps, ok: ok && end === 0n && stated === steps[steps.length - 1].own };
}
