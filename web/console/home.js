// Home: what waits for a person.
import { post, seg, useGet } from './api.js';
import { money } from './format.js';
import { Ago, Badge, Do, Empty, html, Id, Note, Page, Section, Table, tell, Wait, When, WithReason } from './ui.js';
import { t, word } from './words.js';

export const nameOf = (parties, did) => (parties && parties.parties.find((p) => p.did === did) || { name: did }).name;

export function Waiting({ of, parties, only }) {
	const rows = of.data.waiting.filter((w) => !only || w.what === only);
	if (!rows.length)
		return html`<${Empty}>${t('home.nothing')}<//>`;
	const done = (word) => { tell(t(`done.${word}`)); of.reload(); };
	return html`<ul class="waiting">${rows.map((w) => html`<li key=${w.id}>
		<div class="grow"><p><strong>${word('what', w.what)}</strong> <span class="sub">${nameOf(parties.data, w.from)} · <${Ago} at=${w.since} /></span></p>
			${w.about && html`<p class="about">${w.about}${w.net !== undefined && w.what !== 'void' && html` · ${t('stamp.afterwards', money(w.net))}`}</p>`}
			${w.waitsFor && html`<p>${w.proposedBy && html`${t('stamp.saidby', w.proposedByName || word('by', w.proposedBy))} · `}${t('stamp.waitsfor', w.waitsFor.map((m) => word('waits', m)).join(t('list')))}${w.what === 'agreement' && html` · <a href=${`#/contracts/${seg(w.id)}`}>${t('contract')}</a>`}</p>`}
			<p class="sub"><${Id} value=${w.id} />${w.needs && html` · ${w.needs}`}</p></div>
		<div class="actions"><${WithReason} needs="refuse" label=${t('refuse')} danger title=${t('refuse.title', word('what', w.what))} act=${async (v) => { await post(`/inbox/${seg(w.id)}/refuse`, { reason: v.reason }); done('refuse'); }} />
			<${Do} needs="approve" kind="primary" label=${t('approve')} act=${async () => { await post(`/inbox/${seg(w.id)}/approve`); done('approve'); }} /></div></li>`)}</ul>`;
}

export function Home() {
	const inbox = useGet('/inbox', 5000), parties = useGet('/parties'), outbox = useGet('/outbox', 5000);
	const agreements = useGet('/agreements', 15000), deliveries = useGet('/deliveries', 15000), invoices = useGet('/invoices', 15000);
	const open = [
		...((deliveries.data && deliveries.data.deliveries) || []).filter((d) => d.role === 'provider' && d.receiptDue && !d.ended && d.state !== 'TERMINATED')
			.map((d) => ({ key: d.delivery, to: `#/deliveries/${seg(d.delivery)}`, what: t('home.receipt'), party: d.party, at: d.receiptDue, overdue: d.overdue })),
		...((agreements.data && agreements.data.agreements) || []).filter((a) => a.openUntil && a.state !== 'FINALIZED' && a.state !== 'TERMINATED')
			.map((a) => ({ key: a.negotiation, to: `#/contracts/${seg(a.negotiation)}`, what: t(a.waitsFor ? 'stamp.until' : 'home.openuntil'), party: a.party, at: a.openUntil, overdue: Date.parse(a.openUntil) < Date.now() })),
	].sort((a, b) => (a.at < b.at ? -1 : 1));
	const disputes = ((invoices.data && invoices.data.invoices) || []).filter((i) => i.state === 'disputed');
	const nobody = parties.data && !parties.data.parties.length;
	return html`<${Page} title=${t('home')}>
		${nobody && html`<${Note}>${t('home.first')} <a href="#/publish">${t('publish')}</a> · <a href="#/partners">${t('partners')}</a><//>`}
		<${Section} id="waiting" title=${t('home.waiting')}><${Wait} of=${inbox}>${() => html`<${Waiting} of=${inbox} parties=${parties} />`}<//><//>
		<${Section} id="deadlines" title=${t('home.deadlines')}><${Table} label=${t('home.deadlines')} rows=${open} empty=${t('home.nodeadlines')} keyOf=${(r) => r.key} columns=${[
			{ head: t('kind'), main: true, cell: (r) => html`<a href=${r.to}>${r.what}</a>` },
			{ head: t('party'), cell: (r) => nameOf(parties.data, r.party) },
			{ head: t('at'), cell: (r) => html`<${When} at=${r.at} seconds=${false} /> <span class="sub"><${Ago} at=${r.at} /></span>` },
			{ head: t('status'), cell: (r) => r.overdue && html`<${Badge} value="overdue" label=${t('home.overdue')} />` },
		]} /><//>
		<${Section} id="disputes" title=${t('home.disputes')}><${Table} label=${t('home.disputes')} rows=${disputes} empty=${t('home.nodisputes')} keyOf=${(r) => r.id} columns=${[
			{ head: t('invoice'), main: true, cell: (r) => html`<a href=${`#/invoices/${seg(r.id)}`}>${r.serial}</a>` },
			{ head: t('party'), cell: (r) => nameOf(parties.data, r.party) },
			{ head: t('reason'), cell: (r) => r.reason },
		]} /><//>
		<${Section} id="outbox" title=${t('home.outbox')}><${Wait} of=${outbox}>${(o) => html`<${Table} label=${t('home.outbox')} rows=${o.waiting} empty=${t('home.nooutbox')} keyOf=${(r) => `${r.peer} ${r.kind} ${r.subject}`} columns=${[
			{ head: t('kind'), main: true, cell: (r) => html`<code>${r.kind}</code>` },
			{ head: t('party'), cell: (r) => nameOf(parties.data, r.peer) },
			{ head: t('since'), cell: (r) => html`<${Ago} at=${r.since} />` },
			{ head: t('status'), cell: (r) => t('home.tries', r.tries) },
		]} />`}<//><//><//>`;
}

