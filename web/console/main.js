// The console: who is signed in, which page, and the frame around it.
import { effect, signal } from '@preact/signals';
import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { call, forget, get, lastOf, Problem, session, useGet } from './api.js';
import { may } from './may.js';
import { pages } from './pages.js';
import { SignIn } from './signin.js';
import { Fault, html, Mark, news, Page } from './ui.js';
import { lang, t, word } from './words.js';

const store = {
	get: (k) => { try { return localStorage.getItem(`shugu.${k}`); } catch { return null; } },
	set: (k, v) => { try { localStorage.setItem(`shugu.${k}`, v); } catch { /* a browser that keeps nothing */ } },
};
lang.value = store.get('lang') || (/^zh\b/i.test(navigator.language) || !navigator.language ? 'zh' : 'en');
const theme = signal(store.get('theme') || 'auto');
const route = signal(location.hash);

effect(() => { document.documentElement.lang = lang.value === 'zh' ? 'zh-CN' : 'en'; store.set('lang', lang.value); });
effect(() => { document.documentElement.dataset.theme = theme.value; store.set('theme', theme.value); });
addEventListener('hashchange', () => { route.value = location.hash; scrollTo(0, 0); });

const shown = () => Object.entries(pages).filter(([, p]) => p.menu && (!p.needs || may(p.needs))).map(([to, p]) => [to, p.menu]);

function where(hash) {
	const [, name = '', id] = /^#?\/?([^/]*)(?:\/(.*))?$/.exec(hash) || [];
	try {
		return { name, page: Object.hasOwn(pages, name) ? pages[name] : undefined, id: id && decodeURIComponent(id) };
	} catch {
		return { name };
	}
}

const Nowhere = () => html`<${Page} title=${t('notfound')}><p><a href="#/">${t('home')}</a></p><//>`;

// A page's file comes when the page is first gone to; where it does not come, the page says so and asks again.
function Shown({ page, id }) {
	const [problem, set] = useState(null), [turn, again] = useState(0);
	useEffect(() => {
		let live = true;
		if (page && !page.at)
			page.load().then((m) => { page.at = m.default; set(null); again((n) => n + 1); }, () => live && set(new Problem(0, { type: 'urn:shugu:problem:unreachable' })));
		return () => { live = false; };
	}, [page, turn]);
	if (page && !page.at)
		return problem ? html`<${Page} title=${t('app')}><${Fault} problem=${problem} /><p><button type="button" onClick=${() => location.reload()}>${t('retry')}</button></p><//>` : html`<div class="blank" aria-busy="true"></div>`;
	const at = page && page.at[id ? 1 : 0];
	return at ? html`<${at} id=${id} />` : html`<${Nowhere} />`;
}

function Palette({ onClose }) {
	const ref = useRef();
	const [text, set] = useState('');
	useEffect(() => ref.current.showModal(), []);
	const products = (lastOf('/products') || {}).products || [], parties = (lastOf('/parties') || {}).parties || [];
	const all = [
		...shown().map(([to, key]) => [`#/${to}`, t(key), '']),
		...products.map((p) => [`#/products/${encodeURIComponent(p.product)}`, p.name, t('product')]),
		...parties.map((p) => [`#/partners/${encodeURIComponent(p.did)}`, p.name, t('party')]),
	].filter(([, name]) => name.toLowerCase().includes(text.trim().toLowerCase())).slice(0, 12);
	const go = (to) => { ref.current.close(); location.hash = to; };
	return html`<dialog ref=${ref} class="palette" aria-label=${t('palette')} onClose=${onClose}><form method="dialog" onSubmit=${(e) => { e.preventDefault(); if (all[0]) go(all[0][0]); }}>
		<input type="search" aria-label=${t('palette')} placeholder=${t('palette.hint')} value=${text} onInput=${(e) => set(e.target.value)} />
		<ul>${all.map(([to, name, kind]) => html`<li key=${to}><a href=${to} onClick=${(e) => { e.preventDefault(); go(to); }}>${name}${kind && html` <span class="sub">${kind}</span>`}</a></li>`)}</ul>
		${!all.length && html`<p class="empty">${t('palette.none')}</p>`}</form></dialog>`;
}

async function signOut() {
	await call('DELETE', '/session').catch(() => {});
	forget();
	session.value = null;
}

function Settings() {
	return html`<div class="settings">
		<label><span class="hidden">${t('theme')}</span><select value=${theme.value} onChange=${(e) => { theme.value = e.target.value; }}>
			${['auto', 'light', 'dark'].map((k) => html`<option value=${k}>${t(`theme.${k}`)}</option>`)}</select></label>
		<button type="button" class="small" lang=${lang.value === 'zh' ? 'en' : 'zh-CN'} onClick=${() => { lang.value = lang.value === 'zh' ? 'en' : 'zh'; }}>${t('lang.other')}</button>
		${session.value && session.value.name && html`<button type="button" class="small" onClick=${signOut}>${t('signout')}</button>`}
	</div>`;
}

function Frame({ at, children }) {
	const [open, setOpen] = useState(false), [palette, setPalette] = useState(false);
	const node = useGet('/node'), inbox = useGet('/inbox', 10000);
	const waiting = inbox.data ? inbox.data.waiting.length : 0, count = `${waiting}${inbox.data && inbox.data.next !== undefined ? '+' : ''}`;
	useEffect(() => {
		const key = (e) => {
			if ((e.ctrlKey || e.metaKey) && e.key.toLowerCase() === 'k') { e.preventDefault(); setPalette(true); }
			if (e.key === 'Escape') setOpen(false);
		};
		addEventListener('keydown', key);
		return () => removeEventListener('keydown', key);
	}, []);
	useEffect(() => setOpen(false), [route.value]);
	const who = session.value || {};
	return html`<a class="skip" href="#main" onClick=${(e) => { e.preventDefault(); document.getElementById('main').focus(); }}>${t('skip')}</a>
		<div class="frame">
		<aside class=${open ? 'side open' : 'side'}>
			<div class="brand"><a href="#/"><${Mark} />${t('app')}</a>
				<button type="button" class="menu small" aria-expanded=${open} aria-controls="nav" onClick=${() => setOpen(!open)}>${t('menu')}${waiting > 0 && !open && html` <span class="pill">${count}</span>`}</button></div>
			<div id="nav" class="side-body"><p class="org" title=${node.data && node.data.did}>${node.data ? node.data.name : ' '}</p>
				<nav aria-label=${t('nav')}><ul>${shown().map(([to, key]) => html`<li key=${to}><a href=${`#/${to}`} aria-current=${((at.page && at.page.under) || at.name) === to ? 'page' : undefined}>${t(key)}${to === '' && waiting > 0 && html`<span class="pill">${count}</span>`}</a></li>`)}</ul></nav>
				<button type="button" class="go" onClick=${() => setPalette(true)}>${t('palette')}<kbd>Ctrl K</kbd></button>
				${who.name && html`<p class="who">${who.name}<span class="sub">${word('role', who.role)}</span></p>`}
				<${Settings} /></div>
		</aside>
		<main id="main" tabindex="-1">${children}</main></div>
		<div class="news" aria-live="polite">${news.value && html`<p class=${`note ${news.value.kind}`}>${news.value.text}</p>`}</div>
		${palette && html`<${Palette} onClose=${() => setPalette(false)} />`}`;
}

function App() {
	void lang.value;
	const at = where(route.value);
	if (location.pathname === '/signin' || session.value === null)
		return html`<${SignIn} settings=${html`<${Settings} />`} />`;
	if (session.value === undefined)
		return html`<div class="blank" aria-busy="true"></div>`;
	return html`<${Frame} at=${at}><${Shown} key=${`${at.name}/${at.id || ''}/${lang.value}`} page=${at.page} id=${at.id} /><//>`;
}

// Who is it? A bearer in place of a session (a program, a test) is asked nothing more.
async function begin() {
	if (location.pathname === '/signin')
		return;
	try {
		session.value = await get('/session');
	} catch (p) {
		session.value = await get('/node').then(() => ({}), () => null);
	}
}

render(html`<${App} />`, document.getElementById('app'));
begin();
