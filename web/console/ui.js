// What pages are made of.
import { signal } from '@preact/signals';
import { html } from 'htm/preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { lastOf } from './api.js';
import { bytes, count, sentence, short, time, ago } from './format.js';
import { may } from './may.js';
import { has, lang, t, word } from './words.js';

export { html };

export const Mark = () => html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true"><rect width="32" height="32" rx="9" fill="#2b50c8" /><path d="M6 9l10 16L26 9" fill="none" stroke="#fff" stroke-width="4" stroke-linecap="round" stroke-linejoin="round" /></svg>`;

let visited = false;
export function Page({ title, sub, actions, children }) {
	const head = useRef();
	useEffect(() => { document.title = `${title} · ${t('app')}`; }, [title]);
	useEffect(() => {
		// Another page is read from its heading on; the first one from the top of the document.
		if (visited && head.current && !document.querySelector('dialog[open]'))
			head.current.focus({ preventScroll: true });
		visited = true;
	}, []);
	return html`<header class="page-head">
			<div class="grow"><h1 tabindex="-1" ref=${head}>${title}</h1>${sub && html`<p class="sub">${sub}</p>`}</div>
			${actions && html`<div class="actions">${actions}</div>`}
		</header>${children}`;
}

export const Section = ({ title, note, actions, children, id }) => html`<section aria-labelledby=${id}>
	<div class="section-head"><h2 id=${id}>${title}</h2>${note && html`<p class="sub">${note}</p>`}${actions && html`<div class="actions">${actions}</div>`}</div>
	${children}</section>`;

export const Fault = ({ problem, stale }) => problem && html`<p class="note bad" role="alert"><strong>${problem.title}</strong>
	${problem.detail && html` <span class="detail" lang="en">${problem.detail}</span>`}${stale && html` ${t('stale')}`}</p>`;

export const Note = ({ kind = '', children }) => html`<p class=${`note ${kind}`} role="status">${children}</p>`;
export const Empty = ({ children }) => html`<p class="empty">${children}</p>`;

// An answer that is not there yet leaves its place: no spinner.
export function Wait({ of, children }) {
	if (of.data === undefined)
		return of.problem ? html`<${Fault} problem=${of.problem} />` : html`<div class="blank" aria-busy="true"></div>`;
	return html`<${Fault} problem=${of.problem} stale=${true} />${children(of.data)}`;
}

const kinds = {
	good: ['FINALIZED', 'COMPLETED', 'accepted', 'approved', 'recorded', 'delivered', 'complete', 'in force', 'offered'],
	warn: ['REQUESTED', 'OFFERED', 'AGREED', 'ACCEPTED', 'VERIFIED', 'STARTED', 'SUSPENDED', 'issued', 'corrected', 'asked', 'proposed', 'partial'],
	bad: ['TERMINATED', 'disputed', 'void', 'withdrawn', 'refused', 'failed', 'overdue', 'declined'],
};
export function Badge({ value, label }) {
	const kind = Object.keys(kinds).find((k) => kinds[k].includes(value)) || '';
	return html`<span class=${`badge ${kind}`}>${label}</span>`;
}
export const State = ({ value }) => html`<${Badge} value=${value} label=${word('state', value)} />`;

export const When = ({ at, seconds = true }) => (at ? html`<time datetime=${at} title=${at}>${time(at, seconds)}</time>` : '');
export const Ago = ({ at }) => (at ? html`<time datetime=${at} title=${time(at)}>${ago(at)}</time>` : '');
export const Id = ({ value }) => (value ? html`<code class="id" title=${value}>${short(value)}</code>` : '');
export const Hash = ({ value }) => (value ? html`<code class="hash">${value}</code>` : '');

export function Copy({ text }) {
	const [done, set] = useState(false);
	const copy = async () => {
		try {
			await navigator.clipboard.writeText(text);
		} catch { // a page over plain http has no clipboard
			const area = document.createElement('textarea');
			area.value = text;
			document.body.append(area);
			area.select();
			document.execCommand('copy');
			area.remove();
		}
		set(true);
		setTimeout(() => set(false), 1500);
	};
	return html`<button type="button" class="small" onClick=${copy}>${done ? t('copied') : t('copy')}</button>`;
}

// columns: [{head, cell: row => vnode, num?, main?}]; on a narrow screen a row becomes a block of its own.
export function Table({ label, columns, rows, empty, keyOf }) {
	if (!rows.length)
		return html`<${Empty}>${empty}<//>`;
	return html`<table class="list"><caption class="hidden">${label}</caption>
		<thead><tr>${columns.map((c) => html`<th scope="col" class=${c.num ? 'num' : ''}>${c.head || html`<span class="hidden">${t('steps')}</span>`}</th>`)}</tr></thead>
		<tbody>${rows.map((row) => html`<tr key=${keyOf(row)}>${columns.map((c) => html`<td class=${`${c.num ? 'num' : ''} ${c.main ? 'main' : ''}`} data-head=${c.head}><span>${c.cell(row)}</span></td>`)}</tr>`)}</tbody>
	</table>`;
}

export const More = ({ of }) => of.more && html`<p><button type="button" onClick=${of.more}>${t('list.more')}</button></p>`;

// Rows of names and values; what has no value is left out.
export const Facts = ({ rows }) => html`<dl class="facts">${rows.filter(([, v]) => v !== undefined && v !== null && v !== '' && v !== false).map(([k, v]) => html`<div><dt>${k}</dt><dd>${v}</dd></div>`)}</dl>`;

export function Field({ label, hint, error, children, ...input }) {
	const id = useId();
	const about = hint || error ? `${id}h` : undefined;
	const tag = input.rows ? 'textarea' : 'input';
	return html`<div class="field"><label for=${id}>${label}</label>
		${children ? children(id, about) : html`<${tag} id=${id} aria-describedby=${about} aria-invalid=${error ? 'true' : undefined} ...${input} />`}
		${about && html`<p id=${about} class=${error ? 'hint bad' : 'hint'}>${error || hint}</p>`}</div>`;
}

// A question that needs an answer. onYes(values) may throw a problem, which is shown here.
export function Dialog({ title, yes, danger, onYes, onClose, children }) {
	const ref = useRef(), id = useId();
	const [problem, set] = useState(null), [busy, setBusy] = useState(false);
	useEffect(() => {
		ref.current.showModal();
	}, []);
	const submit = async (e) => {
		e.preventDefault();
		setBusy(true);
		try {
			await onYes(Object.fromEntries(new FormData(e.target)));
			onClose();
		} catch (p) {
			set(p);
			setBusy(false);
		}
	};
	return html`<dialog ref=${ref} aria-labelledby=${id} onClose=${onClose}><form method="dialog" onSubmit=${submit}>
		<h2 id=${id}>${title}</h2>${children}<${Fault} problem=${problem} />
		<div class="actions end"><button type="button" onClick=${() => ref.current.close()}>${t('cancel')}</button>
		<button class=${danger ? 'danger' : 'primary'} disabled=${busy}>${yes}</button></div>
	</form></dialog>`;
}

// A button that asks for a reason; needs: what of may.js one must be allowed to see it.
export function WithReason({ label, title, hint, danger, small, needs, act, children }) {
	const [open, set] = useState(false);
	return (!needs || may(needs)) && html`<button type="button" class=${`${danger ? 'danger' : ''} ${small ? 'small' : ''}`} onClick=${() => set(true)}>${label}</button>
		${open && html`<${Dialog} title=${title || label} yes=${label} danger=${danger} onYes=${act} onClose=${() => set(false)}>
			${children}<${Field} label=${t('reason')} name="reason" rows="3" required maxlength="1000" hint=${hint || t('reason.hint')} /><//>`}`;
}

// A button whose call may be refused; the problem is told in the line of news.
export const news = signal(null);
let newsTimer = 0;
export function tell(text, kind = 'good') {
	news.value = { text, kind };
	clearTimeout(newsTimer);
	newsTimer = setTimeout(() => { news.value = null; }, 6000);
}
export function Do({ label, kind = '', act, disabled, needs }) {
	const [busy, set] = useState(false);
	const run = async () => {
		set(true);
		try {
			await act();
		} catch (p) {
			tell(p.detail ? `${p.title} · ${p.detail}` : p.title || String(p), 'bad');
		}
		set(false);
	};
	return (!needs || may(needs)) && html`<button type="button" class=${kind} disabled=${busy || disabled} onClick=${run}>${label}</button>`;
}

export function Terms({ terms }) {
	return html`<p class="sentence">${sentence(terms) || t('terms.unknown')}</p>
		<details><summary>${t('terms.odrl')}</summary><${Json} value=${terms} /></details>`;
}

export const Json = ({ value }) => html`<pre class="json" tabindex="0" role="region" aria-label="JSON">${JSON.stringify(value, null, 2)}</pre>`;

export const Raw = ({ path, value }) => html`<details class="raw"><summary>${t('as.api')}</summary>
	<pre class="json" tabindex="0" role="region" aria-label="curl">curl -H "Authorization: Bearer $TOKEN" ${location.origin}/api/v1${path}</pre>
	<${Json} value=${value} /></details>`;

export const dossierParts = ['description', 'source', 'industry', 'region', 'period', 'frequency', 'rights', 'restrictions'];
const required = dossierParts.filter((p) => p !== 'restrictions');
export function Meter({ dossier, of }) {
	const missing = of ? of.missing : required.filter((p) => !(dossier && String(dossier[p] || '').trim()));
	const total = of ? of.total : required.length, n = total - missing.length;
	return html`<div class="meter"><meter min="0" max=${total} value=${n} aria-label=${t('dossier.meter', n, total)}></meter>
		<span>${t('dossier.meter', n, total)}</span>
		<span class="sub">${missing.length ? t('dossier.missing', missing.map((p) => t(`dossier.${p}`)).join(t('list'))) : t('dossier.full')}</span></div>`;
}

// The counts of a column, wherever they came from: histogram [{count}|n] or {counts}, else the frequent values.
function bars(col) {
	// Of texts the node's histogram counts lengths; which values occur says more.
	const texts = ['text', 'boolean', 'mixed'].includes(col.type) && col.top && col.top.length;
	const h = texts ? null : col.histogram;
	const list = Array.isArray(h) ? h : h && (h.counts || h.bins || h.bars);
	if (Array.isArray(list) && list.length)
		return list.map((b) => (typeof b === 'number' ? { n: b } : { n: Number(b.count ?? b.n ?? 0), label: b.from !== undefined ? `${b.from} – ${b.to ?? ''}` : b.label ?? b.value }));
	return (col.top || []).map((b) => ({ n: Number(b.count ?? 0), label: b.value, wide: true }));
}

export function Histogram({ col }) {
	const all = bars(col);
	if (!all.length)
		return html`<div class="bars"></div>`;
	const most = Math.max(...all.map((b) => b.n), 1), w = 100 / all.length;
	return html`<svg class="bars" viewBox="0 0 100 32" preserveAspectRatio="none" role="img" aria-label=${t('column.histogram', col.name)}>
		${all.map((b, i) => html`<rect x=${i * w + 0.4} width=${Math.max(w - 0.8, 0.4)} y=${32 - (30 * b.n) / most - 1} height=${(30 * b.n) / most + 1}><title>${b.label !== undefined ? `${b.label}: ${b.n}` : b.n}</title></rect>`)}</svg>`;
}

// A table's columns, each with its distribution in its head, and some rows under them.
export function Columns({ profile, rows }) {
	const total = Number(profile.rows) || 0;
	const share = (n) => (total ? `${Math.round((1000 * n) / total) / 10}%` : String(n));
	return html`<div class="scroll" tabindex="0" role="region" aria-label=${t('columns')}><table class="columns">
		<thead><tr>${profile.columns.map((c) => html`<th scope="col"><span class="col-name" title=${c.name}>${c.name}</span><span class="col-type">${word('type', c.type)}</span>
			<${Histogram} col=${c} />
			<span class="col-facts"><span>${c.min !== undefined && String(c.min)}</span><span>${c.max !== undefined && c.max !== c.min && String(c.max)}</span></span>
			<span class="col-facts">${c.distinct !== undefined && html`<span>${t(c.exact === false ? 'column.distinct.about' : 'column.distinct', count(c.distinct))}</span>`}${c.nulls > 0 && html`<span>${t('column.nulls', share(c.nulls))}</span>`}</span></th>`)}</tr></thead>
		${rows && html`<tbody>${rows.map((r) => html`<tr>${profile.columns.map((c, i) => html`<td>${r[i]}</td>`)}</tr>`)}</tbody>`}
	</table></div>`;
}

// Who or what caused an act.
function cause(a) {
	const b = a.body || {};
	if (b.peerEntry || (b.head && b.head.origin))
		return [t('cause.peer'), b.peerEntry && t('cause.peer.entry', short(b.peerEntry)), b.head && b.head.size !== undefined && t('cause.peer.head', b.head.size)].filter(Boolean).join(' · ');
	if (a.actor === 'node')
		return t('cause.node');
	if (a.actor === 'operator')
		return t('cause.operator');
	if (a.actor.startsWith('person:'))
		return t('cause.person', a.actor.split('#').reverse().map((s, i, all) => (i < all.length - 1 ? word('role', s) : short(s))).join(' '));
	const node = lastOf('/node');
	return b.message || (node && !a.actor.startsWith(node.did)) ? t('cause.peer') : t('cause.key');
}

export const actWord = (type) => (has(`act.${type}`) ? t(`act.${type}`) : type);

export function Timeline({ acts }) {
	if (!acts.length)
		return html`<${Empty}>${t('timeline.none')}<//>`;
	return html`<ol class="timeline">${acts.map((a) => html`<li key=${a.index}>
		<div class="line"><strong>${actWord(a.type)}</strong> <a href=${`#/evidence/${a.index}`}>${t('entry', a.index)}</a><${When} at=${a.at} /></div>
		<p class="sub">${cause(a)}</p>
		${a.body && a.body.reason && html`<p class="reason">${a.body.reason}</p>`}</li>`)}</ol>`;
}

export function Progress({ value, max, label }) {
	return html`<div class="progress"><progress max=${max || 1} value=${max ? value : 1} aria-label=${label}></progress><span>${label}</span></div>`;
}

export const Size = ({ n }) => html`<span title=${`${count(n)} B`}>${bytes(n)}</span>`;
export const useLang = () => lang.value;

export function download(name, text) {
	const a = document.createElement('a');
	a.href = URL.createObjectURL(new Blob([text], { type: 'application/json' }));
	a.download = name;
	a.click();
	setTimeout(() => URL.revokeObjectURL(a.href), 1000);
}
