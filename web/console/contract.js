// Contracts: how far they are, what they wait for, and every message with its cause.
import { useEffect, useState } from 'preact/hooks';
import { getAll, post, seg, useGet, useList } from './api.js';
import { money, percent, purpose } from './format.js';
import { nameOf } from './home.js';
import { Ago, Badge, Do, Facts, Fault, Hash, html, Id, More, Page, Raw, Section, Size, State, Table, tell, Terms, Timeline, Wait, When, WithReason } from './ui.js';
import { Paper, Signing, Stamped } from './stamp.js';
import { t, word } from './words.js';

const final = ['FINALIZED', 'TERMINATED'];

// The acts of several subjects in the order of the log.
export function useActs(subjects, turn) {
	const [state, set] = useState({});
	const key = subjects.filter(Boolean).join(' ');
	useEffect(() => {
		let live = true;
		if (key)
			Promise.all(key.split(' ').map((s) => getAll(`/acts?subject=${seg(s)}`, 'acts')))
				.then((all) => live && set({ acts: all.flat().sort((a, b) => a.index - b.index) }), (problem) => live && set((s) => ({ ...s, problem })));
		return () => { live = false; };
	}, [key, turn]);
	return state;
}

export const Messages = ({ of }) => html`<${Section} id="timeline" title=${t('timeline')}><${Fault} problem=${of.problem} />${of.acts && html`<${Timeline} acts=${of.acts} />`}<//>`;

export function Contracts() {
	const list = useList('/agreements', 5000), parties = useGet('/parties');
	return html`<${Page} title=${t('contracts')}><${Wait} of=${list}>${(o) => html`<${Table} label=${t('contracts')} rows=${o.agreements} empty=${t('contracts.none')} keyOf=${(a) => a.negotiation} columns=${[
		{ head: t('party'), main: true, cell: (a) => html`<a href=${`#/contracts/${seg(a.negotiation)}`}>${nameOf(parties.data, a.party)}</a>` },
		{ head: t('status'), cell: (a) => (a.waitsFor ? html`<${Badge} value="asked" label=${t('stamp.waiting')} />` : html`<${State} value=${a.state} />`) },
		{ head: t('role'), cell: (a) => t(`role.${a.role}`) },
		{ head: t('product'), cell: (a) => html`<${Id} value=${a.product} />` },
		{ head: t('price'), num: true, cell: (a) => a.price && money(a.price.net) },
		{ head: t('at'), cell: (a) => html`<${When} at=${a.agreed || a.at} seconds=${false} />` },
	]} /><${More} of=${list} />`}<//><//>`;
}

export function Contract({ id }) {
	const path = `/agreements/${seg(id)}`;
	const [settled, setSettled] = useState(false);
	const contract = useGet(path, settled ? 10000 : 1000), parties = useGet('/parties');
	const a = contract.data;
	const order = useGet(a && `/acts?subject=${seg(a.negotiation)}`, settled ? 10000 : 1000);
	const first = order.data && order.data.acts[0];
	const acts = useActs([first && first.body.order, a && a.negotiation], order.data && order.data.acts.length);
	useEffect(() => { if (a) setSettled(final.includes(a.state)); }, [a && a.state]);
	if (a === undefined)
		return html`<${Page} title=${t('contract')}><${Wait} of=${contract} /><//>`;
	const g = a.G, name = (g && g.product) || nameOf(parties.data, a.party);
	const actions = html`${g && html`<${Paper} path=${path} />`}${a.state === 'FINALIZED' && a.role === 'consumer' && html`<${Do} kind="primary" needs="deliver" label=${t('contract.deliver')} act=${async () => {
		const d = await post('/deliveries', { agreement: a.agreement });
		location.hash = `#/deliveries/${seg(d.delivery)}`;
	}} />`}
		${a.state !== 'TERMINATED' && html`<${WithReason} needs="terminate" label=${t('contract.terminate')} danger hint=${t('contract.terminate.hint')} act=${async (v) => { await post(`${path}/terminate`, { reason: v.reason }); tell(t('state.TERMINATED')); contract.reload(); order.reload(); }} />`}`;
	const side = (p) => p && html`<strong>${p.name}</strong><br /><span class="sub">${[p.uscc, word('assurance', p.assurance)].filter(Boolean).join(' · ')}</span><br /><code class="hash">${p.did}</code>`;
	return html`<${Page} title=${`${t('contract')} · ${name}`} actions=${actions}><${Wait} of=${contract}>${() => html`
		${a.waitsFor && html`<${Signing} of=${a} id=${a.negotiation} reload=${() => { contract.reload(); order.reload(); }} />`}
		<div class="pair"><${Section} id="facts" title=${t('contract')}><${Facts} rows=${[
			[t('status'), html`<${State} value=${a.state} />`], [t('role'), t(`role.${a.role}`)], [t('party'), html`<a href=${`#/partners/${seg(a.party)}`}>${nameOf(parties.data, a.party)}</a>`],
			[t('product'), html`<a class="hash" href=${`#/products/${seg(a.product)}`}>${a.product}</a>`], [t('revision'), a.revision], [t('size'), a.object && html`<${Size} n=${a.object.size} />`],
			[t('price'), a.price && html`${money(a.price.net)} <span class="sub">+ ${percent(a.price.rate)} ${t('tax')} ${money(a.price.tax)}</span>`],
			[t('purpose'), a.purpose && purpose(a.purpose)], [t('agreed'), a.agreed && html`<${When} at=${a.agreed} />`], [t(a.waitsFor ? 'stamp.until' : 'home.openuntil'), a.openUntil && !final.includes(a.state) && html`<${When} at=${a.openUntil} /> <span class="sub"><${Ago} at=${a.openUntil} /></span>`],
			[t('reason'), a.reason], [t('contract.document'), a.document && html`<${Hash} value=${a.document} />`]]} /><//>
		<${Section} id="terms" title=${t('terms')} note=${t('terms.after')}><${Terms} terms=${a.terms} /><//></div>
		${g && html`<${Section} id="parties" title=${t('contract.parties')} note=${g.consumer.key && t('contract.signatures')}><${Facts} rows=${[[t('role.provider'), side(g.provider)], [t('role.consumer'), side(g.consumer)]]} /><//>`}
		${(g || a.waitsFor) && html`<${Stamped} path=${path} open=${a.state !== 'TERMINATED'} wanted=${(a.waitsFor || []).includes('stamped contract')} reload=${() => { contract.reload(); order.reload(); }} />`}
		<${Messages} of=${acts} />
		<${Raw} path=${path} value=${a} />`}<//><//>`;
}

export default [Contracts, Contract];
