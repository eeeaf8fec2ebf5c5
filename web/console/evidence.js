// Evidence: anchor a digest, find one, and see the way from an act to the signed root.
import { useState } from 'preact/hooks';
import { get, pageAfter, post, seg, useGet } from './api.js';
import { digestFile, pathOf } from './digest.js';
import { bytes, short } from './format.js';
import { actWord, Do, download, Empty, Facts, Fault, Field, Hash, html, Json, Note, Page, Progress, Section, Table, tell, Wait, When } from './ui.js';
import { t } from './words.js';

const actColumns = () => [
	{ head: t('act.type'), main: true, cell: (a) => html`<a href=${`#/evidence/${a.index}`}>${actWord(a.type)}</a>` },
	{ head: '#', num: true, cell: (a) => a.index },
	{ head: t('subject'), cell: (a) => html`<code class="id" title=${a.subject}>${short(a.subject)}</code>` },
	{ head: t('actor'), cell: (a) => html`<code class="id" title=${a.actor}>${short(a.actor)}</code>` },
	{ head: t('at'), cell: (a) => html`<${When} at=${a.at} />` },
];

function Anchor({ reload }) {
	const [file, setFile] = useState(null), [at, setAt] = useState(0), [digest, setDigest] = useState(''), [done, setDone] = useState(null), [subject, setSubject] = useState('');
	const choose = async (f) => {
		if (!f)
			return;
		setFile(f);
		setDigest('');
		setDone(null);
		setAt(0);
		setDigest(await digestFile(f, setAt));
	};
	return html`<${Section} id="anchor" title=${t('evidence.anchor')} note=${t('evidence.anchor.hint')}>
		<${Drop} id="anchor-file" label=${file ? `${file.name} · ${bytes(file.size)}` : t('file.drop')} take=${choose} />
		${file && !digest && html`<${Progress} value=${at} max=${file.size} label=${t('evidence.computing', bytes(at), bytes(file.size))} />`}
		${digest && html`<${Facts} rows=${[['SHA-256', html`<${Hash} value=${digest} />`]]} />
			<${Field} label=${t('evidence.subject')} value=${subject} maxlength="200" onInput=${(e) => setSubject(e.target.value)} />
			<${Do} needs="anchor" kind="primary" label=${t('evidence.anchor.now')} disabled=${done !== null} act=${async () => {
				const e = await post('/evidence', { digest: `sha256:${digest}`, ...(subject.trim() ? { subject: subject.trim() } : {}) });
				setDone(e.index);
				tell(t('evidence.anchored', e.index));
				reload();
			}} />`}
		${done !== null && html`<p><a href=${`#/evidence/${done}`}>${t('evidence.anchored', done)}</a></p>`}<//>`;
}

export function Drop({ id, label, note, take }) {
	const [over, set] = useState(false);
	const stop = (e) => { e.preventDefault(); set(e.type === 'dragover'); };
	return html`<div class=${over ? 'drop over' : 'drop'} onDragOver=${stop} onDragLeave=${stop} onDrop=${(e) => { stop(e); take(e.dataTransfer.files[0]); }}>
		<input id=${id} type="file" onChange=${(e) => take(e.target.files[0])} /><label for=${id}><strong>${label}</strong>${note && html`<span class="sub">${note}</span>`}</label></div>`;
}

function Find() {
	const [text, set] = useState(''), [found, setFound] = useState(null), [problem, setProblem] = useState(null);
	const look = async (next, had) => {
		const what = text.trim().replace(/^sha256:/i, '');
		try {
			const path = `/acts?text=${seg(/^[0-9A-F]{64}$/i.test(what) ? what.toLowerCase() : what)}`;
			const r = await get(next === undefined ? path : pageAfter(path, next));
			setFound({ acts: [...had, ...r.acts], next: r.next });
			setProblem(null);
		} catch (p) {
			setProblem(p);
		}
	};
	return html`<${Section} id="find" title=${t('evidence.find')} note=${t('evidence.find.hint')}><form class="with" onSubmit=${(e) => { e.preventDefault(); if (text.trim()) look(undefined, []); }}>
		<input type="search" class="mono" aria-labelledby="find" value=${text} onInput=${(e) => set(e.target.value)} spellcheck="false" autocomplete="off" /><button>${t('evidence.find.now')}</button></form>
		<${Fault} problem=${problem} />
		${found && html`<p role="status" class="sub">${found.acts.length ? t('evidence.found', found.acts.length) : found.next === undefined ? t('evidence.notfound') : ''}</p>
			${found.acts.length > 0 && html`<${Table} label=${t('evidence.find')} rows=${found.acts} empty="" keyOf=${(a) => a.index} columns=${actColumns()} />`}
			${found.next !== undefined && html`<${Do} label=${t('evidence.older')} act=${() => look(found.next, found.acts)} />`}`}<//>`;
}

export function Evidence() {
	const list = useGet('/acts', 10000);
	return html`<${Page} title=${t('evidence')}>
		<div class="pair"><${Anchor} reload=${list.reload} /><${Find} /></div>
		<${Section} id="recent" title=${t('evidence.recent')}><${Wait} of=${list}>${(o) => html`<${Table} label=${t('evidence.recent')} rows=${o.acts.slice(0, 30)} empty=${t('timeline.none')} keyOf=${(a) => a.index} columns=${actColumns()} />`}<//><//><//>`;
}

const step = 58, boxW = 132, boxH = 34;

// Bottom up: the entry, beside it what the proof gives, above both what follows from them, and so on to the root.
function Picture({ index, path }) {
	const n = path.steps.length, h = (n - 1) * step + boxH + 8;
	const box = (x, y, hex, kind, label) => html`<g><rect class=${`box ${kind}`} x=${x} y=${y} width=${boxW} height=${boxH} rx="6" />
		<text class="box-label" x=${x + boxW / 2} y=${y + 13}>${label}</text><text class="box-hash" x=${x + boxW / 2} y=${y + 27}>${hex.slice(0, 8)}…${hex.slice(-4)}</text></g>`;
	const parts = [];
	path.steps.forEach((s, i) => {
		const y = h - 4 - boxH - i * step, x = 104;
		const label = i === n - 1 ? t('evidence.root') : i === 0 ? t('evidence.leaf') : t('evidence.computed');
		if (i < n - 1) {
			const ox = s.left ? 0 : 208, mid = y - (step - boxH) / 2;
			const own = s.left ? 176 : 166, other = s.left ? 64 : 276;
			parts.push(html`<path class="wire" d=${`M${own} ${y}V${mid}H170V${mid - (step - boxH) / 2}M${other} ${y}V${mid}H170`} />`);
			parts.push(box(s.left ? 0 : 208, y, s.other, 'other', t('evidence.sibling')));
			parts.push(box(ox === 0 ? 140 : 68, y, s.own, i === 0 ? 'leaf' : 'own', label));
		} else {
			parts.push(box(x, y, s.own, i === 0 ? 'leaf' : 'root', label));
		}
	});
	return html`<svg class="path" viewBox=${`0 0 340 ${h}`} role="img" aria-label=${t('evidence.path.alt', index, n - 1, path.size)}>${parts}</svg>`;
}

export function Act({ id }) {
	const proof = useGet(/^\d+$/.test(id) ? `/evidence/${id}` : null);
	if (proof.data === undefined)
		return html`<${Page} title=${t('act')}>${/^\d+$/.test(id) ? html`<${Wait} of=${proof} />` : html`<${Empty}>${t('evidence.notfound')}<//>`}<//>`;
	const e = proof.data, path = pathOf(e), a = e.act;
	return html`<${Page} title=${`${actWord(a.type)} · #${e.index}`} actions=${html`<button type="button" onClick=${() => download(`evidence-${e.index}.json`, JSON.stringify(e))}>${t('evidence.json')}</button>`}>
		<div class="pair"><${Section} id="facts" title=${t('act')}><${Facts} rows=${[
			[t('act.type'), html`<code>${a.type}</code>`], [t('at'), html`<${When} at=${a.at} />`], [t('actor'), html`<span class="hash">${a.actor}</span>`], [t('subject'), html`<span class="hash">${a.subject}</span>`],
			[t('evidence.log'), html`<span class="hash">${path.origin}</span>`], [t('evidence.root'), html`<${Hash} value=${path.root} />`]]} /><h3>${t('body')}</h3><${Json} value=${a.body} /><//>
		<${Section} id="path" title=${t('evidence.path')} note=${t('evidence.path.note')}><${Note} kind=${path.ok ? 'good' : 'bad'}>${t(path.ok ? 'evidence.path.ok' : 'evidence.path.bad')}<//><${Picture} index=${e.index} path=${path} /><//></div><//>`;
}

export default [Evidence, Act];
