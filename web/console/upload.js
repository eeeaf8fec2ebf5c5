// An upload in pieces that goes on where it broke off, also in another visit (POST, PATCH, GET /api/v1/uploads).
import { get, headers, post, Problem, seg } from './api.js';

const PIECE = 4 << 20;
const keyOf = (f) => `shugu.upload.${f.name}.${f.size}.${f.lastModified}`;
const store = (f, id) => { try { id ? localStorage.setItem(keyOf(f), id) : localStorage.removeItem(keyOf(f)); } catch { /* a browser that keeps nothing */ } };
const stored = (f) => { try { return localStorage.getItem(keyOf(f)); } catch { return null; } };
const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function offsetOf(id) {
	const u = await get(`/uploads/${seg(id)}`);
	return Number(u.offset);
}

async function begin(file) {
	const id = stored(file);
	if (id) {
		try {
			return { id, offset: await offsetOf(id), resumed: true };
		} catch (p) {
			if (!p.status || p.status >= 500)
				throw p;
		}
	}
	const made = await post('/uploads', { name: file.name, size: file.size });
	store(file, made.id);
	return { id: made.id, offset: Number(made.offset || 0) };
}

async function piece(id, offset, blob) {
	let res;
	try {
		res = await fetch(`/api/v1/uploads/${seg(id)}`, {
			method: 'PATCH', credentials: 'same-origin', body: blob,
			headers: headers('PATCH', { 'Upload-Offset': String(offset), 'Content-Type': 'application/offset+octet-stream' }),
		});
	} catch {
		throw new Problem(0, { type: 'urn:shugu:problem:unreachable' });
	}
	if (!res.ok)
		throw new Problem(res.status, await res.json().catch(() => ({})));
	return Number(res.headers.get('Upload-Offset'));
}

// told({state, at, wait?, from?}); control.paused holds it, control.ended ends it. The upload once it is ready, with its profile.
export async function upload(file, control, told) {
	let id, at = 0, waits = 0;
	for (;;) {
		if (control.ended)
			return null;
		try {
			if (id === undefined) {
				const u = await begin(file);
				id = u.id;
				at = u.offset;
				told({ state: 'going', at, from: u.resumed && at > 0 ? at : undefined });
			}
			while (at < file.size) {
				if (control.ended)
					return null;
				if (control.paused) {
					told({ state: 'paused', at });
					await pause(200);
					continue;
				}
				at = await piece(id, at, file.slice(at, Math.min(at + PIECE, file.size)));
				waits = 0;
				told({ state: 'going', at });
			}
			for (;;) { // the node makes the object's digests and its profile
				const u = await get(`/uploads/${seg(id)}`).catch((p) => { if (p.slug !== 'busy') throw p; return {}; });
				if (control.ended)
					return null;
				if (u.state === 'receiving' && Number(u.offset) < file.size)
					throw new Problem(409, { detail: u.trouble });
				if (u.state === 'ready') {
					told({ state: 'done', at });
					return u;
				}
				told({ state: 'hashing', at, hashed: Number(u.hashed || 0) });
				await pause(250);
			}
		} catch (p) {
			// A refusal stands; a broken connection or a wrong offset does not.
			if (p.status && p.status < 500 && p.status !== 409 && p.status !== 412 && p.status !== 408)
				throw p;
			const wait = Math.min(2 ** waits++, 30);
			if (waits > 40)
				throw p;
			told({ state: 'broken', at, wait });
			await pause(wait * 1000);
			if (id !== undefined)
				at = await offsetOf(id).catch(() => at);
		}
	}
}

export const forgetUpload = (file) => store(file, null);
