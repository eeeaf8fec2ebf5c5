// RFC 6962 trees over SHA-256 (docs/FORMATS.md, 3 and 8).
import { must, sha256 } from './bytes.mjs';

const LEAF = Uint8Array.of(0), NODE = Uint8Array.of(1);
export const leaf = (bytes) => sha256(LEAF, bytes);
export const node = (left, right) => sha256(NODE, left, right);

// The way from a leaf up (RFC 9162, 2.1.3.2): [{left, right, up}] where `left` says on which side the path's hash stands.
export function climb(from, index, size, path) {
	let at = BigInt(index), last = BigInt(size) - 1n, hash = from;
	const steps = [];
	for (const other of path) {
		must(last > 0n, 'the path is longer than the tree is high', '路径超过存证树的高度');
		const left = Boolean(at & 1n) || at === last;
		hash = left ? node(other, hash) : node(hash, other);
		if (left) while (!(at & 1n) && at !== 0n) [at, last] = [at >> 1n, last >> 1n];
		[at, last] = [at >> 1n, last >> 1n];
		steps.push({ other, left, hash });
	}
	must(last === 0n, 'the path ends below the root', '路径未到达树根');
	return { root: hash, steps };
}

// A tree that grows leaf by leaf: one hash a level waits for its right sibling.
export class Growing {
	#waiting = [];

	add(hash) {
		let level = 0;
		for (; this.#waiting[level]; level++) {
			hash = node(this.#waiting[level], hash);
			this.#waiting[level] = undefined;
		}
		this.#waiting[level] = hash;
	}

	root() {
		const left = this.#waiting.filter(Boolean);
		return left.length === 0 ? sha256(new Uint8Array()) : left.reduce((right, one) => node(one, right));
	}
}
