// Ed25519 with the refusals of docs/FORMATS.md, 5: keys and R canonical and not of small order, S < L; and the equation
// S B = R + k A itself, not its multiple by 8. By WebCrypto where it is there and answers so, else by @noble/ed25519.
import { Point } from '@noble/ed25519';
import { sha512 } from '@noble/hashes/sha2.js';
import { equal, hex, join, unhex, utf8 } from './bytes.mjs';

const P = 2n ** 255n - 19n;
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const little = (bytes) => BigInt('0x' + hex(Uint8Array.from(bytes).reverse()));
// y of the eight points of small order; two of one y differ in the sign of x.
const SMALL = [0n, 1n, P - 1n,
	little(unhex('26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05')),
	little(unhex('c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a'))];

export function sound(point) {
	const y = little(point) & (2n ** 255n - 1n);
	return y < P && !SMALL.includes(y);
}

export function byNoble(key, message, signature) {
	const r = signature.subarray(0, 32), s = little(signature.subarray(32)), k = little(sha512(join(r, key, message))) % L;
	try {
		const a = Point.fromBytes(key).negate();
		const sum = (s === 0n ? Point.ZERO : Point.BASE.multiply(s, false)).add(k === 0n ? Point.ZERO : a.multiply(k, false));
		return equal(sum.toBytes(), r);
	} catch {
		return false;	// the key is no point of the curve
	}
}

export async function byWebCrypto(key, message, signature) {
	const subtle = globalThis.crypto.subtle;
	try {
		return await subtle.verify({ name: 'Ed25519' }, await subtle.importKey('raw', key, { name: 'Ed25519' }, false, ['verify']), signature, message);
	} catch {
		return false;
	}
}

// [holds, key, message, signature]: the third passes where the equation is multiplied by 8, which some libraries do.
const TRIALS = [
	[true, '2a0eca86bfc4d6b2b0f0e4e2ac2ff14a9b991b0157d33522156ea85dec528e4e', 'shugu', '33d7e0fa0e8ea3ae45d41c8828c695feb9d9c66184c7792117edaa4ed3824aa599725296ff62f984573dd8fc34ae13024cec65b5e93d1cdb6e50cd007c957f08'],
	[false, '2a0eca86bfc4d6b2b0f0e4e2ac2ff14a9b991b0157d33522156ea85dec528e4e', 'shugv', '33d7e0fa0e8ea3ae45d41c8828c695feb9d9c66184c7792117edaa4ed3824aa599725296ff62f984573dd8fc34ae13024cec65b5e93d1cdb6e50cd007c957f08'],
	[false, 'c5b43b3677c479dd07b14a2c5c7ef7ca8e2fe5faa02de9384940249e308c1d78', 'shugu 0', '364081ede96d12a409f93d79f73403d702ee849a02c6160ab51fbb12fd42b849a445d9ed6a4c931a5b9ef5b7bf0acb8cba08be9f0eb82849afe568bd072dd609'],
];

async function passes(equation) {
	for (const [holds, key, message, signature] of TRIALS)
		if (await equation(unhex(key), utf8(message), unhex(signature)) !== holds) return false;
	return true;
}

// {name, verify(key, message, signature)} of what this browser can do.
export async function choose() {
	const web = Boolean(globalThis.crypto?.subtle) && await passes(byWebCrypto);
	return { name: web ? 'WebCrypto' : 'noble', verify: verifier(web ? byWebCrypto : byNoble) };
}

export const verifier = (equation) => async (key, message, signature) =>
	key.length === 32 && signature.length === 64 && sound(key) && sound(signature.subarray(0, 32)) && little(signature.subarray(32)) < L
	&& await equation(key, message, signature);

export { TRIALS, passes };
