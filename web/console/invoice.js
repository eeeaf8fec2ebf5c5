// Data invoices: the sheet that is printed, and what may be done about it.
import { post, seg, useGet, useList } from './api.js';
import { Messages, useActs } from './contract.js';
import { fen, money, percent, purpose } from './format.js';
import { nameOf } from './home.js';
import { Qr } from './qr.js';
import { Badge, download, Field, Hash, html, More, Page, Raw, Section, Size, State, Table, tell, Wait, When, WithReason } from './ui.js';
import { Paper, Signing, Stamped } from './stamp.js';
import { t, word } from './words.js';

export function Invoices() {
	const list = useList('/invoices', 5000), parties = useGet('/parties');
	return html`<${Page} title=${t('invoices')}><${Wait} of=${list}>${(o) => html`<${Table} label=${t('invoices')} rows=${o.invoices} empty=${t('invoices.none')} keyOf=${(i) => i.id} columns=${[
		{ head: t('serial'), main: true, cell: (i) => html`<a href=${`#/invoices/${seg(i.id)}`}>${i.serial}</a>` },
		{ head: t('status'), cell: (i) => html`<${State} value=${i.state} />${i.waitsFor && html` <${Badge} value="asked" label=${t('stamp.waiting')} />`}` },
		{ head: t('party'), cell: (i) => nameOf(parties.data, i.party) },
		{ head: t('role'), cell: (i) => t(`role.${i.role}`) },
		{ head: t('due'), num: true, cell: (i) => money(i.due.net + i.due.tax) },
		{ head: t('at'), cell: (i) => html`<${When} at=${i.at} seconds=${false} />` },
	]} /><${More} of=${list} />`}<//><//>`;
}

const Row = ({ name, children }) => html`<tr><th scope="row">${name}</th><td>${children}</td></tr>`;

function Sheet({ i, file, url }) {
	const { G, I } = file.core, v = I.voucher, s = I.scenario;
	const party = (p) => html`<strong>${p.name}</strong>${p.uscc && html`<br /><code>${p.uscc}</code>`}${p.did && html`<br /><code class="hash">${p.did}</code>`}`;
	const address = `${url}/verify.html`;
	return html`<article class="sheet" aria-labelledby="sheet-title">
		<header><div class="grow"><h2 id="sheet-title">${t('invoice.title')}</h2><p>${t('invoice.sub')}</p></div><div class="serial"><span>${t('serial')}</span><code>${I.serial}</code><${State} value=${i.state} /></div></header>
		<table class="sheet-rows"><caption class="hidden">${t('invoice')}</caption><tbody>
			<${Row} name=${t('invoice.provider')}>${party(I.entities.provider)}<//>
			<${Row} name=${t('invoice.consumer')}>${party(I.entities.consumer)}<//>
			<${Row} name=${t('product')}><code class="hash">${v.product}</code> · ${t('revision')} ${v.revision} · <${Size} n=${G.object.size} /><//>
			<${Row} name=${t('invoice.object')}><${Hash} value=${G.object.sha256} /><//>
			<${Row} name=${t('purpose')}>${[purpose(s.purpose), s.territory, `${t('scenario.onward')}: ${purpose(s.onward)}`, s.disposal].filter(Boolean).join(' · ')}<//>
			<${Row} name=${t('invoice.rules')}>${s.rules} · ${t('invoice.personal')}: ${t(s.personal ? 'yes' : 'no')}<//>
			<${Row} name=${t('invoice.registration')}>${I.registration.status || `${I.registration.centre} ${I.registration.number}`}<//>
			<${Row} name=${t('invoice.start')}><${When} at=${v.start} /><//>
			<${Row} name=${t('invoice.end')}><${When} at=${v.end} /><//>
			<${Row} name=${t('invoice.issued')}><${When} at=${I.issued} /> · ${i.recorded ? t('invoice.recorded') : t('invoice.notrecorded')}<//>
		</tbody></table>
		<table class="amounts"><caption class="hidden">${t('amount')}</caption><thead><tr><th scope="col">${t('net')}</th><th scope="col">${t('price.rate')}</th><th scope="col">${t('tax')}</th><th scope="col">${t('total')}</th></tr></thead>
			<tbody><tr><td>${money(v.net)}</td><td>${percent(v.rate)}</td><td>${money(v.tax)}</td><td><strong>${money(v.net + v.tax)}</strong></td></tr></tbody></table>
		${(i.due.net !== v.net || i.due.tax !== v.tax) && html`<p class="due"><strong>${t('due')}: ${money(i.due.net + i.due.tax)}</strong> <span>${word('state', i.state)}${i.reason && ` · ${i.reason}`}</span></p>`}
		<footer><${Qr} text=${address} label=${t('qr.alt', address)} /><div class="grow"><p>${t('invoice.qr')} <a class="hash" href=${address}>${address}</a></p><p>${t('invoice.digest')}<br /><${Hash} value=${i.digest} /></p></div></footer>
		<p class="disclaimer">${t('invoice.disclaimer')}</p></article>`;
}

export function Invoice({ id }) {
	const path = `/invoices/${seg(id)}`;
	const invoice = useGet(path, 3000), node = useGet('/node');
	const i = invoice.data, file = useGet(i && `${path}/file`);
	const acts = useActs([i && i.id], i && `${i.state} ${i.recorded} ${i.corrections.length} ${i.waitsFor}`);
	if (i === undefined)
		return html`<${Page} title=${t('invoice')}><${Wait} of=${invoice} /><//>`;
	const act = (what, body) => async (v) => { const now = await post(`${path}/${what}`, { reason: v.reason, ...(body ? body(v) : {}) }); tell(t(now.waitsFor ? 'stamp.waiting' : `invoice.${what}`)); invoice.reload(); };
	const actions = html`<${Paper} path=${path} /><button type="button" onClick=${() => print()}>${t('invoice.print')}</button>
		<button type="button" disabled=${!file.data} onClick=${async () => download(`invoice-${i.serial.replace(/[^\w.-]/g, '_')}.json`, await (await fetch(`/api/v1${path}/file`, { credentials: 'same-origin' })).text())}>${t('invoice.json')}</button>
		${i.state !== 'void' && html`<${WithReason} needs="correct" label=${t('invoice.correct')} act=${act('correct', (v) => ({ net: fen(v.net) }))}><${Field} label=${t('invoice.correct.net')} name="net" required inputmode="decimal" pattern="\\s*\\d{1,11}([.]\\d{1,2})?\\s*" /><//>
		<${WithReason} needs="dispute" label=${t('invoice.dispute')} act=${act('dispute')} /><${WithReason} needs="void" label=${t('invoice.void')} danger act=${act('void')} />`}`;
	return html`<${Page} title=${`${t('invoice')} · ${i.serial}`} actions=${actions}><${Wait} of=${invoice}>${() => html`
		${i.waitsFor && html`<div class="screen"><${Signing} of=${i} id=${i.correction} reload=${invoice.reload} /></div>`}
		<${Wait} of=${file}>${(f) => html`<${Sheet} i=${i} file=${f} url=${(node.data && node.data.url) || location.origin} />`}<//>
		<div class="screen"><p class="links"><a href=${`#/contracts/${seg(i.agreement)}`}>${t('contract')}</a> <a href=${`#/deliveries/${seg(i.delivery)}`}>${t('delivery')}</a></p>
		${i.corrections.length > 0 && html`<${Section} id="corrections" title=${t('invoice.corrections')}><${Table} label=${t('invoice.corrections')} rows=${i.corrections} empty="" keyOf=${(x) => x.id} columns=${[
			{ head: t('reason'), main: true, cell: (x) => x.reason }, { head: t('status'), cell: (x) => html`<${Badge} value=${x.state} label=${word('state', x.state)} />` },
			{ head: t('by'), cell: (x) => t(`role.${x.by}`) }, { head: t('invoice.change'), num: true, cell: (x) => (x.void ? t('state.void') : money(x.change.net)) }]} /><//>`}
		<${Stamped} path=${path} open=${i.correction !== undefined && (i.waitsFor || []).includes('stamped contract')} wanted=${i.waitsFor !== undefined} reload=${invoice.reload} />
		<${Messages} of=${acts} /><${Raw} path=${path} value=${i} /></div>`}<//><//>`;
}

export default [Invoices, Invoice];
