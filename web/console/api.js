// The node's /api/v1: calls, problems (RFC 9457), and what was fetched last (shown at once, then fetched again).
import { signal } from '@preact/signals';
import { useEffect, useState } from 'preact/hooks';
import { problemTitle } from './words.js';

export const session = signal(undefined); // undefined: not known yet; null: signed out; {person,name,role,csrf,expires}

export class Problem extends Error {
	constructor(status, body) {
		super(body.detail || body.title || String(status));
		this.status = status;
		this.slug = (body.type || '').replace('urn:shugu:problem:', '');
		this.detail = body.detail || '';
	}
	get title() { return problemTitle(this.slug, this.status); }
}

const writes = (method) => method !== 'GET' && method !== 'HEAD';

// Headers that every call bears; the name of a key makes repeats safe.
export function headers(method, more = {}) {
	const h = { Accept: 'application/json', ...more };
	if (writes(method)) {
		h['Idempotency-Key'] = h['Idempotency-Key'] || newKey();
		if (session.value && session.value.csrf)
			h['X-CSRF-Token'] = session.value.csrf;
	}
	return h;
}

export function newKey() {
	return [...crypto.getRandomValues(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
}

export async function call(method, path, body, more) {
	let res;
	const h = headers(method, more);
	if (body !== undefined)
		h['Content-Type'] = 'application/json';
	try {
		res = await fetch(`/api/v1${path}`, { method, headers: h, credentials: 'same-origin', body: body === undefined ? undefined : JSON.stringify(body) });
	} catch {
		throw new Problem(0, { type: 'urn:shugu:problem:unreachable' });
	}
	const text = await res.text();
	let json = {};
	try { json = text ? JSON.parse(text) : {}; } catch { /* an answer without JSON has its status alone */ }
	if (res.ok)
		return json;
	if (res.status === 401 && path !== '/session')
		session.value = null;
	throw new Problem(res.status, json);
}

export const get = (path) => call('GET', path);
export const post = (path, body = {}) => call('POST', path, body);
export const seg = encodeURIComponent;

const last = new Map();
export const lastOf = (path) => last.get(path);
export const forget = () => last.clear();

// The address of the page after this one: `next` goes back as the node gave it.
export const pageAfter = (path, next) => `${path}${path.includes('?') ? '&' : '?'}cursor=${seg(next)}`;

// So many pages of a list as one answer; its `next` is that of the last one.
async function getPages(path, pages) {
	let whole = await get(path);
	for (let n = 1; n < pages && whole.next !== undefined; n++) {
		const { next, ...page } = await get(pageAfter(path, whole.next));
		const { next: old, ...before } = whole;
		for (const [k, v] of Object.entries(page))
			before[k] = Array.isArray(v) ? [...before[k], ...v] : v;
		whole = next === undefined ? before : { ...before, next };
	}
	return whole;
}

// What an address says: the last answer at once, a new one when it comes, again every `every` milliseconds.
export function useGet(path, every = 0, pages = 1) {
	const [state, set] = useState({ path, data: path && last.get(path), problem: null });
	const [turn, again] = useState(0);
	useEffect(() => {
		let live = true, timer = 0;
		if (!path)
			return undefined;
		const ask = async () => {
			try {
				const data = await getPages(path, pages);
				last.set(path, data);
				if (live)
					set({ path, data, problem: null });
			} catch (problem) {
				if (live)
					set((s) => ({ path, data: s.path === path ? s.data : last.get(path), problem }));
			}
			if (live && every)
				timer = setTimeout(ask, document.hidden ? every * 5 : every);
		};
		ask();
		return () => { live = false; clearTimeout(timer); };
	}, [path, every, turn, pages]);
	const now = state.path === path ? state : { data: path && last.get(path), problem: null };
	return { data: now.data, problem: now.problem, reload: () => again((n) => n + 1) };
}

// A list: its first page, and more() for another, where there is one.
export function useList(path, every = 0) {
	const [pages, set] = useState(1);
	const list = useGet(path, every, pages);
	return { ...list, more: list.data && list.data.next !== undefined ? () => set(pages + 1) : null };
}

// All pages of a list, at most `most` rows.
export async function getAll(path, member, most = 2000) {
	const rows = [];
	for (let at = path;;) {
		const page = await get(at);
		rows.push(...page[member]);
		if (page.next === undefined || rows.length >= most)
			return rows;
		at = pageAfter(path, page.next);
	}
}
