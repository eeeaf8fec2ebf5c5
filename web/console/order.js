// An order: from the wish for a product to the invoice that both have recorded.
import { useEffect, useState } from 'preact/hooks';
import { seg, useGet } from './api.js';
import { Contracts, Messages, useActs } from './contract.js';
import { purpose } from './format.js';
import { Badge, Facts, html, Id, Page, Raw, Wait, When } from './ui.js';
import { t } from './words.js';

const steps = ['waiting', 'negotiating', 'agreed', 'delivering', 'delivered', 'invoiced', 'recorded'];

export function Order({ id }) {
	const path = `/orders/${seg(id)}`;
	const [over, setOver] = useState(false);
	const order = useGet(path, over ? 0 : 500);
	const o = order.data;
	const acts = useActs([o && o.order, o && o.negotiation, o && o.delivery], o && o.state);
	useEffect(() => { if (o) setOver(o.state === 'failed' || o.state === 'recorded' || (o.state === 'agreed' && !o.delivery)); }, [o && o.state]);
	if (o === undefined)
		return html`<${Page} title=${t('order')}><${Wait} of=${order} /><//>`;
	const at = steps.indexOf(o.state);
	return html`<${Page} title=${t('order')} sub=${o.purpose && `${t('purpose')}: ${purpose(o.purpose)}`}><${Wait} of=${order}>${() => html`
		${o.state === 'failed' ? html`<p><${Badge} value="failed" label=${t('order.failed')} /> ${o.reason}</p>`
			: html`<ol class="steps" aria-label=${t('progress')}>${steps.filter((s) => o.delivery || steps.indexOf(s) < 3).map((s) => html`<li key=${s} class=${steps.indexOf(s) < at ? 'past' : steps.indexOf(s) === at ? 'now' : ''} aria-current=${steps.indexOf(s) === at ? 'step' : undefined}>${t(`order.${s}`)}</li>`)}</ol>`}
		<${Facts} rows=${[[t('party'), html`<a class="hash" href=${`#/partners/${seg(o.party)}`}>${o.party}</a>`], [t('product'), html`<span class="hash">${o.product}</span>`],
			[t('contract'), o.negotiation && html`<a href=${`#/contracts/${seg(o.negotiation)}`}><${Id} value=${o.negotiation} /></a>`],
			[t('delivery'), o.delivery && ['delivering', 'delivered', 'invoiced', 'recorded'].includes(o.state) && html`<a href=${`#/deliveries/${seg(o.delivery)}`}><${Id} value=${o.delivery} /></a>`], [t('at'), html`<${When} at=${o.at} />`]]} />
		<${Messages} of=${acts} /><${Raw} path=${path} value=${o} />`}<//><//>`;
}

export default [Contracts, Order];
