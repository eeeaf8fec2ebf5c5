// Sign-in: a one-time link /signin#TOKEN becomes a session when the person says so (a chat's link preview must not use it up).
import { useRef, useState } from 'preact/hooks';
import { post, session } from './api.js';
import { Fault, Field, html, Mark, Page } from './ui.js';
import { t } from './words.js';

const tokenOf = (text) => (/#([A-Za-z0-9_-]{16,200})$/.exec(text.trim()) || [])[1];

export function SignIn({ settings }) {
	const [problem, set] = useState(null), [busy, setBusy] = useState(false), [text, setText] = useState('');
	const link = useRef(location.pathname === '/signin' ? tokenOf(location.hash) : undefined);
	const go = async (e) => {
		e.preventDefault();
		const token = link.current || tokenOf(text);
		if (!token) {
			set({ title: t('signin.badlink') });
			return;
		}
		setBusy(true);
		try {
			session.value = await post('/session', { token });
			history.replaceState(null, '', '/#/');
			dispatchEvent(new Event('hashchange'));
		} catch (p) {
			if (p.status >= 400 && p.status < 500) {
				link.current = undefined;
				set({ title: t('signin.failed'), detail: p.detail });
			} else {
				set(p);
			}
			setBusy(false);
		}
	};
	return html`<main class="signin"><div class="card">
		<p class="brand"><${Mark} />${t('app')}</p>
		<${Page} title=${t('signin')} sub=${link.current ? t('signin.ready') : t('signin.none')}>
		<form onSubmit=${go}>${!link.current && html`<${Field} label=${t('signin.paste')} value=${text} onInput=${(e) => setText(e.target.value)} autocomplete="off" required placeholder="https://…/signin#…" />`}
			<${Fault} problem=${problem} /><button class="primary wide" disabled=${busy}>${t('signin.now')}</button></form><//>
		</div>${settings}</main>`;
}
