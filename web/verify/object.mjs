// The delivered file beside an invoice (docs/FORMATS.md, 8): size, SHA-256 and the root over chunks, read as a stream in
// constant memory.
import { sha256 as noble } from '@noble/hashes/sha2.js';
import { hex, must } from './bytes.mjs';
import { CHUNK } from './shapes.mjs';
import { Growing } from './tree.mjs';

// The leaf of the chunk that stands behind the 0x00 in `framed`; by the browser's own SHA-256 where it may be used.
async function leafOf(framed) {
	return globalThis.crypto?.subtle ? new Uint8Array(await globalThis.crypto.subtle.digest('SHA-256', framed)) : noble(framed);
}

// Refuses a stream (of Uint8Array) that is not the object of G. `told(bytes)` is called after each chunk.
export async function checkObject(stream, object, told = () => {}) {
	const whole = noble.create(), tree = new Growing(), framed = new Uint8Array(CHUNK + 1);
	let size = 0, filled = 0;
	const end = async () => {
		tree.add(await leafOf(framed.subarray(0, filled + 1)));
		filled = 0;
		told(size);
	};
	const reader = stream.getReader();
	for (let read = await reader.read(); !read.done; read = await reader.read()) {
		for (let at = 0; at < read.value.length;) {
			const part = read.value.subarray(at, at + CHUNK - filled);
			whole.update(part);
			framed.set(part, filled + 1);
			at += part.length;
			filled += part.length;
			size += part.length;
			if (filled === CHUNK) await end();
		}
		if (size > object.size) break;
	}
	await reader.cancel();
	if (filled > 0) await end();
	must(size === object.size && hex(tree.root()) === object.root && hex(whole.digest()) === object.sha256,
		'the file given is not the object of this invoice', '所给文件不是本凭证的数据文件');
}
