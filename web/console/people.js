// People: who may sign in, in which role.
import { useState } from 'preact/hooks';
import { post, seg, session, useList } from './api.js';
import { time } from './format.js';
import { Link } from './share.js';
import { Badge, Dialog, Do, Field, html, More, Page, Table, tell, Wait, When } from './ui.js';
import { t } from './words.js';

const roles = ['owner', 'operator', 'reviewer', 'finance', 'auditor'];
const Role = ({ value = 'operator' }) => html`<${Field} label=${t('person.role')}>${(id) => html`<select id=${id} name="role">${roles.map((r) => html`<option value=${r} selected=${r === value}>${t(`role.${r}`)} · ${t(`may.${r}`)}</option>`)}</select>`}<//>`;

export function People() {
	const list = useList('/people');
	const [adding, add] = useState(false), [changing, change] = useState(null), [removing, remove] = useState(null), [made, set] = useState(null);
	const step = (p, word, body) => post(`/people/${seg(p.id)}/${word}`, body);
	const after = (text) => { tell(text); list.reload(); };
	const me = (p) => session.value && session.value.person === p.id;
	return html`<${Page} title=${t('people')} actions=${html`<button type="button" class="primary" onClick=${() => add(true)}>${t('person.add')}</button>`}>
		${made && html`<section aria-labelledby="newlink"><div class="section-head"><h2 id="newlink">${t('person.linkof', made.name)}</h2></div>
			<${Link} url=${made.link} label=${t('person.linkof', made.name)} note=${t('person.how', time(made.expires, false))} /></section>`}
		<${Wait} of=${list}>${(o) => html`<${Table} label=${t('people')} rows=${o.people} empty=${t('people.none')} keyOf=${(p) => p.id} columns=${[
			{ head: t('name'), main: true, cell: (p) => p.name },
			{ head: t('person.role'), cell: (p) => t(`role.${p.role}`) },
			{ head: t('status'), cell: (p) => html`<${Badge} value=${p.status === 'active' ? 'approved' : 'withdrawn'} label=${t(`person.${p.status}`)} />` },
			{ head: t('since'), cell: (p) => html`<${When} at=${p.since} seconds=${false} />` },
			{ head: '', cell: (p) => p.status === 'active' && html`<span class="with">${me(p) ? html`<span class="sub">${t('person.you')}</span>` : html`
				<${Do} kind="small" label=${t('person.link')} act=${async () => set(await step(p, 'link'))} />
				<button type="button" class="small" onClick=${() => change(p)}>${t('person.role')}</button>
				<button type="button" class="small danger" onClick=${() => remove(p)}>${t('person.remove')}</button>`}</span>` },
		]} /><${More} of=${list} />`}<//>
		${adding && html`<${Dialog} title=${t('person.add')} yes=${t('person.add')} onClose=${() => add(false)} onYes=${async (v) => { set(await post('/people', { name: v.name.trim(), role: v.role })); list.reload(); }}>
			<${Field} label=${t('name')} name="name" required maxlength="60" /><${Role} /><//>`}
		${changing && html`<${Dialog} title=${t('person.roleof', changing.name)} yes=${t('person.change')} onClose=${() => change(null)} onYes=${async (v) => { await step(changing, 'role', { role: v.role }); after(t('person.changed')); }}>
			<${Role} value=${changing.role} /><p class="hint">${t('person.ends')}</p><//>`}
		${removing && html`<${Dialog} title=${t('person.removeof', removing.name)} yes=${t('person.remove')} danger onClose=${() => remove(null)} onYes=${async () => { await step(removing, 'remove'); after(t('person.removed')); }}>
			<p class="hint">${t('person.ends')}</p><//>`}<//>`;
}

export default [People];
