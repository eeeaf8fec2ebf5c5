// Links to a product for people without a node, and how a link is shown: address, QR code, copy.
import { useState } from 'preact/hooks';
import { post, seg, useList } from './api.js';
import { time } from './format.js';
import { may } from './may.js';
import { Qr } from './qr.js';
import { Badge, Copy, Dialog, Field, html, More, Section, Table, tell, Wait, When, WithReason } from './ui.js';
import { t } from './words.js';

export const Link = ({ url, label, note }) => html`<div class="link"><${Qr} text=${url} label=${t('qr.alt', url)} />
	<div class="grow"><div class="with"><input class="mono" aria-label=${label} readonly value=${url} onFocus=${(e) => e.target.select()} /><${Copy} text=${url} /></div>${note && html`<p class="hint">${note}</p>`}</div></div>`;

const kind = { open: 'offered', used: 'complete', over: 'overdue', revoked: 'withdrawn' };

export function Shares({ product, offered }) {
	const list = useList('/shares');
	const [asking, ask] = useState(false), [shown, show] = useState(null);
	const make = async (v) => {
		show(await post('/shares', { product, to: v.to.trim(), count: Number(v.count), days: Number(v.days) }));
		list.reload();
	};
	const revoke = (s) => async (v) => {
		await post(`/shares/${seg(s.id)}/revoke`, { reason: v.reason });
		tell(t('share.revoked'));
		if (shown && shown.id === s.id)
			show(null);
		list.reload();
	};
	return html`<${Section} id="shares" title=${t('shares')} note=${t('shares.note')} actions=${offered && may('share') && html`<button type="button" class="primary" onClick=${() => ask(true)}>${t('share')}</button>`}>
		${shown && shown.url && html`<${Link} url=${shown.url} label=${t('share.link', shown.to)} note=${t('share.how', shown.to, shown.count, time(shown.until, false))} />`}
		<${Wait} of=${list}>${(o) => html`<${Table} label=${t('shares')} rows=${o.shares.filter((s) => s.product === product)} empty=${t('shares.none')} keyOf=${(s) => s.id} columns=${[
			{ head: t('share.to'), main: true, cell: (s) => s.to },
			{ head: t('status'), cell: (s) => html`<${Badge} value=${kind[s.state]} label=${t(`share.${s.state}`)} />` },
			{ head: t('share.taken'), num: true, cell: (s) => `${s.taken} / ${s.count}` },
			{ head: t('share.until'), cell: (s) => html`<${When} at=${s.until} seconds=${false} />` },
			{ head: '', cell: (s) => html`<span class="with">${s.url && s.state === 'open' && html`<button type="button" class="small" onClick=${() => show(s)}>${t('share.show')}</button>`}
				${['open', 'used'].includes(s.state) && html`<${WithReason} small needs="unshare" label=${t('share.revoke')} danger hint=${t('share.revoke.hint')} act=${revoke(s)} />`}</span>` },
		]} /><${More} of=${list} />`}<//>
		${asking && html`<${Dialog} title=${t('share.title')} yes=${t('share.make')} onYes=${make} onClose=${() => ask(false)}>
			<${Field} label=${t('share.to')} name="to" required maxlength="80" hint=${t('share.to.hint')} />
			<div class="grid"><${Field} label=${t('share.count')} name="count" type="number" min="1" max="1000" value="1" required />
			<${Field} label=${t('share.days')} name="days" type="number" min="1" max="30" value="7" required /></div><//>`}<//>`;
}
