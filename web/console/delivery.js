// Deliveries: what moves now, and every message with its cause.
import { useEffect, useState } from 'preact/hooks';
import { post, seg, useGet, useList } from './api.js';
import { Messages, useActs } from './contract.js';
import { bytes } from './format.js';
import { nameOf } from './home.js';
import { Do, Facts, Hash, html, Id, More, Note, Page, Progress, Raw, Section, Size, State, Table, Wait, When, WithReason } from './ui.js';
import { t, word } from './words.js';

const over = (d) => d.state === 'COMPLETED' || d.state === 'TERMINATED';

export function Deliveries() {
	const list = useList('/deliveries', 2000), parties = useGet('/parties');
	return html`<${Page} title=${t('deliveries')}><${Wait} of=${list}>${(o) => html`<${Table} label=${t('deliveries')} rows=${o.deliveries} empty=${t('deliveries.none')} keyOf=${(d) => d.delivery} columns=${[
		{ head: t('delivery'), main: true, cell: (d) => html`<a href=${`#/deliveries/${seg(d.delivery)}`}><${Id} value=${d.delivery} /></a>` },
		{ head: t('status'), cell: (d) => html`<${State} value=${d.state} />` },
		{ head: t('party'), cell: (d) => nameOf(parties.data, d.party) },
		{ head: t('role'), cell: (d) => t(`role.${d.role}`) },
		{ head: t('progress'), num: true, cell: (d) => t('delivery.moved', bytes(d.bytes), bytes(d.size)) },
		{ head: t('at'), cell: (d) => html`<${When} at=${d.ended || d.started || d.asked} seconds=${false} />` },
	]} /><${More} of=${list} />`}<//><//>`;
}

export function Delivery({ id }) {
	const path = `/deliveries/${seg(id)}`;
	const [ended, setEnded] = useState(false);
	const delivery = useGet(path, ended ? 10000 : 500), parties = useGet('/parties'), invoices = useGet(ended ? '/invoices' : null, 3000);
	const d = delivery.data;
	const acts = useActs([d && d.delivery, d && d.pid !== d.delivery && d.pid], d && `${d.state} ${d.result} ${d.acknowledged}`);
	useEffect(() => { if (d) setEnded(over(d)); }, [d && d.state]);
	if (d === undefined)
		return html`<${Page} title=${t('delivery')}><${Wait} of=${delivery} /><//>`;
	const invoice = invoices.data && invoices.data.invoices.find((i) => i.delivery === d.delivery);
	const step = (word, danger) => html`<${WithReason} needs=${word === 'terminate' ? 'end' : word} label=${t(`delivery.${word}`)} danger=${danger} act=${async (v) => { await post(`${path}/${word}`, { reason: v.reason }); delivery.reload(); }} />`;
	const actions = !over(d) && html`${d.state === 'STARTED' && step('suspend')}
		${d.state === 'SUSPENDED' && html`<${Do} needs="resume" label=${t('delivery.resume')} act=${async () => { await post(`${path}/resume`); delivery.reload(); }} />`}${step('terminate', true)}`;
	return html`<${Page} title=${`${t('delivery')} · ${nameOf(parties.data, d.party)}`} actions=${actions}><${Wait} of=${delivery}>${() => html`
		<${Progress} value=${d.size ? d.bytes : 1} max=${d.size || 1} label=${`${t(d.role === 'provider' ? 'delivery.sent' : 'delivery.received')} ${t('delivery.moved', bytes(d.bytes), bytes(d.size))}`} />
		${d.trouble && html`<${Note} kind="bad">${t('delivery.trouble')}: ${d.trouble}<//>`}
		<${Section} id="facts" title=${t('delivery')}><${Facts} rows=${[
			[t('status'), html`<${State} value=${d.state} />`], [t('result'), d.result && word('result', d.result)], [t('reason'), d.reason], [t('role'), t(`role.${d.role}`)], [t('size'), html`<${Size} n=${d.size} />`],
			[t('contract'), html`<a class="hash" href=${`#/contracts/${seg(d.agreement)}`}>${d.agreement}</a>`], [t('invoice'), invoice && html`<a href=${`#/invoices/${seg(invoice.id)}`}>${invoice.serial}</a>`],
			[t('delivery.asked'), d.asked && html`<${When} at=${d.asked} />`], [t('delivery.started'), d.started && html`<${When} at=${d.started} />`], [t('delivery.ended'), d.ended && html`<${When} at=${d.ended} />`],
			[t('home.receipt'), d.receiptDue && html`<${When} at=${d.receiptDue} />`], [t('acknowledged'), t(d.acknowledged ? 'yes' : 'no')], [t('delivery.object'), d.object && html`<code class="hash">${d.object}</code>`],
			[t('delivery.manifest'), d.manifest && html`<${Hash} value=${d.manifest} />`], [t('delivery.receipt'), d.receipt && html`<${Hash} value=${d.receipt} />`], ['SHA-256', d.sha256 && html`<${Hash} value=${d.sha256} />`]]} /><//>
		<${Messages} of=${acts} /><${Raw} path=${path} value=${d.dataAddress ? { ...d, dataAddress: { ...d.dataAddress, authorization: '…' } } : d} />`}<//><//>`;
}

export default [Deliveries, Delivery];
