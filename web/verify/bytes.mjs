// Bytes and their spellings (docs/FORMATS.md, head): hex in lower case, strict base64, SHA-256.
import { sha256 as noble } from '@noble/hashes/sha2.js';

// What does not hold: the reason in both languages. Anything else that is thrown is a fault of this program.
export class Refusal extends Error {
	constructor(en, zh) {
		super(en);
		this.words = { en, zh };
	}
}

export function must(held, en, zh) {
	if (!held) throw new Refusal(en, zh);
}

export const utf8 = (text) => new TextEncoder().encode(text);

export function join(...parts) {
	const whole = new Uint8Array(parts.reduce((n, p) => n + p.length, 0));
	let at = 0;
	for (const p of parts) {
		whole.set(p, at);
		at += p.length;
	}
	return whole;
}

export const sha256 = (...parts) => noble(join(...parts));
export const hex = (bytes) => Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
export const unhex = (text) => Uint8Array.from(text.match(/../g) ?? [], (two) => parseInt(two, 16));
export const equal = (a, b) => a.length === b.length && a.every((x, i) => x === b[i]);

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function base64(bytes, tail = '+/', pad = '=') {
	const letters = ALPHABET + tail;
	let text = '';
	for (let i = 0; i < bytes.length; i += 3) {
		const n = (bytes[i] << 16) | ((bytes[i + 1] ?? 0) << 8) | (bytes[i + 2] ?? 0), left = bytes.length - i;
		text += letters[n >> 18] + letters[(n >> 12) & 63] + (left > 1 ? letters[(n >> 6) & 63] : pad) + (left > 2 ? letters[n & 63] : pad);
	}
	return text;
}
export const base64url = (bytes) => base64(bytes, '-_', '');

// The bytes that a text spells, or null: only the one spelling that `write` gives is taken, so no spare bit and no other padding.
function read(text, tail, write) {
	const letters = ALPHABET + tail, plain = text.replace(/=+$/, '');
	const bytes = new Uint8Array(Math.floor(plain.length * 3 / 4));
	let have = 0, bits = 0, at = 0;
	for (const letter of plain) {
		const value = letters.indexOf(letter);
		if (value < 0) return null;
		have = ((have << 6) | value) & 0xffff;
		bits += 6;
		if (bits >= 8) {
			bits -= 8;
			bytes[at++] = (have >> bits) & 255;
		}
	}
	return write(bytes) === text ? bytes : null;
}
export const unbase64 = (text) => read(text, '+/', base64);
export const unbase64url = (text) => read(text, '-_', base64url);
