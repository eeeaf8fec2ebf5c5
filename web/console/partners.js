// Partners: invite, join, approve; their catalogue, and asking for what it offers.
import { useEffect, useState } from 'preact/hooks';
import { post, seg, useGet, useList } from './api.js';
import { money, sentence, time } from './format.js';
import { Waiting } from './home.js';
import { may } from './may.js';
import { priceText } from './product.js';
import { Ago, Badge, Copy, Dialog, Do, Facts, Field, Hash, html, More, Note, Page, Raw, Section, Size, Table, tell, Terms, Wait, When, WithReason } from './ui.js';
import { t, word } from './words.js';

const standing = (p) => html`<${Badge} value=${p.status} label=${word('party', p.status)} />`;

function Invite() {
	const [made, set] = useState(null);
	return html`<${Section} id="invite" title=${t('invite')} actions=${html`<${Do} label=${t('invite.make')} act=${async () => set(await post('/invitations'))} />`}>
		${made && html`<div class="field"><label for="invitation">${t('invite.text')}</label><div class="with"><textarea id="invitation" class="mono" readonly rows="3" value=${made.invitation} onFocus=${(e) => e.target.select()}></textarea><${Copy} text=${made.invitation} /></div>
			<p class="hint">${t('invite.how', time(made.expires, false))}</p></div>`}<//>`;
}

function Join({ reload }) {
	const [text, set] = useState('');
	return html`<${Section} id="join" title=${t('join')}><form onSubmit=${(e) => e.preventDefault()}>
		<${Field} label=${t('join.paste')} rows="3" class="mono" value=${text} onInput=${(e) => set(e.target.value)} autocomplete="off" spellcheck="false" />
		<${Do} label=${t('join.now')} disabled=${!text.trim()} act=${async () => { await post('/parties', { invitation: text.trim() }); set(''); tell(t('join.done')); reload(); }} /></form><//>`;
}

export function Partners() {
	const list = useList('/parties', 5000), inbox = useGet('/inbox', 5000);
	return html`<${Page} title=${t('partners')}>
		${inbox.data && inbox.data.waiting.some((w) => w.what === 'party') && html`<${Section} id="asking" title=${t('home.waiting')}><${Waiting} of=${inbox} parties=${list} only="party" /><//>`}
		<${Wait} of=${list}>${(o) => html`<${Table} label=${t('partners')} rows=${o.parties} empty=${t('partners.none')} keyOf=${(p) => p.did} columns=${[
			{ head: t('name'), main: true, cell: (p) => html`<a href=${`#/partners/${seg(p.did)}`}>${p.name}</a>` },
			{ head: t('status'), cell: standing },
			{ head: t('uscc'), cell: (p) => p.uscc && html`<code>${p.uscc}</code>` },
			{ head: t('assurance'), cell: (p) => word('assurance', p.assurance) },
			{ head: t('since'), cell: (p) => html`<${When} at=${p.since} seconds=${false} />` },
		]} /><${More} of=${list} />`}<//>
		${may('join') && html`<div class="pair"><${Invite} /><${Join} reload=${list.reload} /></div>`}<//>`;
}

const one = (x) => (Array.isArray(x) ? x[0] : x);
const purposes = (terms) => [terms && terms.permission].flat().filter(Boolean).flatMap((p) => [p.constraint].flat().filter(Boolean))
	.filter((x) => x.leftOperand === 'purpose').flatMap((x) => [x.rightOperand].flat());

// The terms of an offer are its policy without what says whom and what it is about.
const bare = (offer) => (offer && offer.permission ? { permission: [offer.permission].flat().map((p) => ({ ...p, constraint: p.constraint && [p.constraint].flat() })) } : {});

function Ask({ party, dataset, onClose }) {
	const s = dataset.shugu || {}, terms = bare(one(dataset.hasPolicy)), wanted = purposes(terms);
	return html`<${Dialog} title=${t('request.title', s.name || dataset['@id'])} yes=${t('request.now')} onClose=${onClose} onYes=${async (v) => {
		const o = await post('/orders', { party, product: dataset['@id'], deliver: v.deliver === 'on', ...(v.purpose ? { purpose: v.purpose } : {}) });
		location.hash = `#/orders/${seg(o.order)}`;
	}}><${Terms} terms=${terms} /><${Facts} rows=${[[t('price'), priceText(s.price)], [t('total'), s.price && s.price.net > 0 && money(s.price.net + s.price.tax)]]} />
		<${Field} label=${t('purpose')} name="purpose" maxlength="200" value=${wanted[0] || ''} />
		<p><label class="check"><input type="checkbox" name="deliver" checked /> ${t('request.deliver')}</label></p><p class="sub">${t('request.says')}</p><//>`;
}

function Catalog({ party }) {
	const [asked, setAsked] = useState(0), [wish, setWish] = useState(null);
	const known = useList(`/catalogs/${seg(party.did)}`, asked ? 1000 : 0);
	const fetched = known.data && known.data.fetchedAt;
	useEffect(() => { if (asked && fetched && Date.parse(fetched) >= asked) setAsked(0); }, [asked, fetched]);
	const rows = known.data ? known.data.datasets : [];
	const note = asked ? t('catalog.asking') : fetched ? t('catalog.at', time(fetched)) : t('catalog.never');
	return html`<${Section} id="catalog" title=${t('catalog')} note=${note} actions=${html`<${Do} needs="catalog" label=${t('catalog.ask')} act=${async () => {
		const r = await post('/catalogs', { party: party.did });
		setAsked(Date.parse(r.askedAt) || 1);
		known.reload();
	}} />`}>
		${known.data && known.data.reason && html`<${Note} kind="bad">${known.data.reason}<//>`}
		${fetched && html`<${Table} label=${t('catalog')} rows=${rows} empty=${t('catalog.none')} keyOf=${(d) => d['@id']} columns=${[
			{ head: t('name'), main: true, cell: (d) => html`<strong>${(d.shugu && d.shugu.name) || d['@id']}</strong>${d.shugu && d.shugu.dossier && d.shugu.dossier.description && html`<br /><span class="sub">${d.shugu.dossier.description}</span>`}` },
			{ head: t('size'), num: true, cell: (d) => d.shugu && d.shugu.object && html`<${Size} n=${d.shugu.object.size} />` },
			{ head: t('price'), num: true, cell: (d) => d.shugu && priceText(d.shugu.price) },
			{ head: t('terms'), cell: (d) => html`<span class="sub">${sentence(bare(one(d.hasPolicy))) || t('terms.unknown')}</span>` },
			{ head: '', cell: (d) => may('order') && html`<button type="button" class="small" onClick=${() => setWish(d)}>${t('request')}</button>` },
		]} /><${More} of=${known} />`}
		${wish && html`<${Ask} party=${party.did} dataset=${wish} onClose=${() => setWish(null)} />`}<//>`;
}

export function Partner({ id }) {
	const path = `/parties/${seg(id)}`, party = useGet(path, 10000);
	if (party.data === undefined)
		return html`<${Page} title=${t('partners')}><${Wait} of=${party} /><//>`;
	const p = party.data;
	const actions = p.status === 'approved' && html`<${WithReason} needs="part" label=${t('party.end')} danger act=${async (v) => { await post(`${path}/withdraw`, { reason: v.reason }); party.reload(); }} />`;
	return html`<${Page} title=${p.name} actions=${actions}><${Wait} of=${party}>${() => html`
		<${Section} id="facts" title=${t('party')}><${Facts} rows=${[
			[t('status'), standing(p)], [t('uscc'), p.uscc], [t('did'), html`<code class="hash">${p.did}</code>`], [t('address'), html`<span class="hash">${p.url}</span>`],
			[t('assurance'), word('assurance', p.assurance)], [t('since'), html`<${When} at=${p.since} /> <span class="sub"><${Ago} at=${p.since} /></span>`], [t('reason'), p.reason], [t('evidence.log'), html`<${Hash} value=${p.log} />`]]} /><//>
		${p.status === 'approved' && html`<${Catalog} party=${p} />`}
		<${Raw} path=${path} value=${p} />`}<//><//>`;
}

export default [Partners, Partner];
