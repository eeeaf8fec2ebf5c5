// Products: what this node offers.
import { useState } from 'preact/hooks';
import { headers, post, Problem, seg, useGet, useList } from './api.js';
import { count, money, percent, purpose, sentence } from './format.js';
import { may } from './may.js';
import { Shares } from './share.js';
import { Badge, Columns, dossierParts, Empty, Facts, Fault, Hash, html, Meter, More, Page, Raw, Section, Size, Table, tell, Terms, Timeline, Wait, WithReason } from './ui.js';
import { Paper } from './stamp.js';
import { t } from './words.js';

const offered = (p) => html`<${Badge} value=${p.withdrawn ? 'withdrawn' : 'offered'} label=${t(p.withdrawn ? 'product.withdrawn' : 'product.offered')} />`;
export const priceText = (p) => (p && p.net > 0 ? money(p.net) : t('price.free'));

export function Products() {
	const list = useList('/products');
	return html`<${Page} title=${t('products')} actions=${may('publish') && html`<a class="button primary" href="#/publish">${t('publish')}</a>`}>
		<${Wait} of=${list}>${(o) => html`<${Table} label=${t('products')} rows=${o.products} empty=${t('products.none')} keyOf=${(p) => p.product} columns=${[
			{ head: t('name'), main: true, cell: (p) => html`<a href=${`#/products/${seg(p.product)}`}>${p.name}</a>` },
			{ head: t('status'), cell: offered },
			{ head: t('revision'), num: true, cell: (p) => p.revision },
			{ head: t('size'), num: true, cell: (p) => html`<${Size} n=${p.object.size} />` },
			{ head: t('price'), num: true, cell: (p) => priceText(p.price) },
			{ head: t('terms'), cell: (p) => html`<span class="sub clamp">${sentence(p.terms) || t('terms.unknown')}</span>` },
		]} /><${More} of=${list} />`}<//><//>`;
}

// The dossier as a spreadsheet and back; what is wrong is said cell by cell.
function Sheet({ path, reload }) {
	const [state, set] = useState(null);
	const take = async (e) => {
		const file = e.target.files[0];
		e.target.value = '';
		if (!file)
			return;
		set({ busy: true });
		try {
			const res = await fetch(`/api/v1${path}/dossier.xlsx`, { method: 'POST', credentials: 'same-origin', body: file, headers: headers('POST', { 'Content-Type': sheetType }) })
				.catch(() => { throw new Problem(0, { type: 'urn:shugu:problem:unreachable' }); });
			if (!res.ok)
				throw new Problem(res.status, await res.json().catch(() => ({})));
			set(null);
			tell(t('sheet.taken'));
			reload();
		} catch (problem) {
			set({ problem, cells: problem.detail.split('; ').map((s) => /^(?:.*!)?([A-Z]+[0-9]+): (.*)$/s.exec(s)).filter(Boolean) });
		}
	};
	return html`<div class="with"><a class="button" href=${`/api/v1${path}/dossier.xlsx`} download="dossier.xlsx">${t('sheet.get')}</a>
		${may('dossier') && html`<label class="button">${t('sheet.put')}<input id="dossier-file" class="hidden" type="file" accept=".xlsx" disabled=${state && state.busy} onChange=${take} /></label>`}</div>
		${state && state.problem && (state.cells.length ? html`<div class="note bad" role="alert"><strong>${t('sheet.wrong')}</strong><ul class="cells">${state.cells.map(([, cell, what]) => html`<li key=${cell}><code>${cell}</code> <span lang="en">${what}</span></li>`)}</ul></div>` : html`<${Fault} problem=${state.problem} />`)}`;
}
const sheetType = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export function Product({ id }) {
	const path = `/products/${seg(id)}`;
	const product = useGet(path), acts = useGet(product.data && `/acts?subject=${seg(product.data.product)}`);
	if (product.data === undefined)
		return html`<${Page} title=${t('product')}><${Wait} of=${product} /><//>`;
	const p = product.data, d = p.dossier || {};
	const actions = html`<${Paper} path=${path} />${!p.withdrawn && may('publish') && html`<a class="button" href=${`#/publish/${seg(p.product)}`}>${t('product.revise')}</a>
		<${WithReason} needs="withdraw" label=${t('product.withdraw')} danger act=${async (v) => { await post(`${path}/withdraw`, { reason: v.reason }); tell(t('product.withdrawn')); product.reload(); acts.reload(); }} />`}`;
	return html`<${Page} title=${p.name} sub=${d.description} actions=${actions}><${Wait} of=${product}>${() => html`
		<div class="pair"><${Section} id="facts" title=${t('product')}><${Facts} rows=${[
			[t('status'), offered(p)], [t('revision'), p.revision], [t('mediatype'), p.mediaType], [t('size'), html`<${Size} n=${p.object.size} />`],
			[t('rows'), p.profile && p.profile.rows !== undefined && count(p.profile.rows)],
			[t('price'), html`${priceText(p.price)}${p.price.net > 0 && html` <span class="sub">+ ${percent(p.price.rate)} ${t('tax')} ${money(p.price.tax)}</span>`}`],
			[t('receiptwithin'), t('unit.H', Math.round(p.receiptWithin / 360) / 10)], ['SHA-256', html`<${Hash} value=${p.object.sha256} />`],
		]} /><//>
		<${Section} id="terms" title=${t('terms')}><${Terms} terms=${p.terms} /><${Facts} rows=${[
			[t('purpose'), purpose(p.scenario.purpose)], [t('scenario.territory'), p.scenario.territory], [t('scenario.onward'), purpose(p.scenario.onward)], [t('scenario.disposal'), p.scenario.disposal]]} /><//></div>
		<${Section} id="profile" title=${t('profile')} note=${p.profile && p.profile.columns && t('preview.all', count(p.profile.rows), p.profile.columns.length, p.profile.encoding || '')}>
			${p.profile && p.profile.columns && p.profile.columns.length ? html`<${Columns} profile=${p.profile} />` : html`<${Empty}>${t('profile.none')}<//>`}<//>
		<${Section} id="dossier" title=${t('dossier')}><${Meter} dossier=${d} of=${p.completeness} /><${Sheet} path=${path} reload=${() => { product.reload(); acts.reload(); }} /><${Facts} rows=${dossierParts.map((k) => [t(`dossier.${k}`), d[k]])} /><//>
		<${Shares} product=${p.product} offered=${!p.withdrawn} />
		<${Section} id="history" title=${t('product.history')}><${Wait} of=${acts}>${(o) => html`<${Timeline} acts=${o.acts} />`}<//><//>
		<${Raw} path=${path} value=${p} />`}<//><//>`;
}

export default [Products, Product];
