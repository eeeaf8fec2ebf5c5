// Publish: a file of any size, what it holds, who may use it for what, and for how much.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post, seg, useGet } from './api.js';
import { bytes, count, fen, money, sentence, taxOf } from './format.js';
import { Drop } from './evidence.js';
import { sample } from './sample.js';
import { Columns, Do, dossierParts, Empty, Fault, Field, html, Json, Meter, Note, Page, Progress, Section, Wait } from './ui.js';
import { forgetUpload, upload } from './upload.js';
import { t, word } from './words.js';

const rates = [0, 100, 300, 600, 900, 1300];
const types = { csv: 'text/csv', tsv: 'text/tab-separated-values', json: 'application/json', jsonl: 'application/jsonl', ndjson: 'application/jsonl', parquet: 'application/vnd.apache.parquet', xlsx: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet', pdf: 'application/pdf', zip: 'application/zip' };
const typeOf = (name) => types[(/\.([^.]+)$/.exec(name) || [])[1]?.toLowerCase()] || 'application/octet-stream';

function useUpload() {
	const [file, setFile] = useState(null), [state, set] = useState(null), [problem, setProblem] = useState(null);
	const control = useRef({});
	useEffect(() => () => { control.current.ended = true; }, []);
	const start = async (f) => {
		control.current.ended = true;
		const mine = { paused: false, ended: false };
		control.current = mine;
		setFile(f);
		setProblem(null);
		set({ state: 'going', at: 0 });
		try {
			const made = await upload(f, mine, (s) => !mine.ended && set((old) => ({ ...s, from: s.from ?? (old && old.from) })));
			if (made && !mine.ended)
				set((old) => ({ ...old, state: 'done', id: made.id, profile: made.profile }));
		} catch (p) {
			if (!mine.ended) {
				setProblem(p);
				set(null);
			}
		}
	};
	const hold = (paused) => { control.current.paused = paused; };
	return { file, state, problem, start, hold };
}

function UploadState({ up }) {
	const s = up.state, size = up.file.size;
	const label = { going: t('upload.going', bytes(s.at), bytes(size)), paused: t('upload.paused', bytes(s.at), bytes(size)), broken: t('upload.broken', s.wait), hashing: t('upload.hashing', bytes(s.hashed || 0), bytes(size)), done: t('upload.done', bytes(size)) }[s.state];
	return html`<${Progress} value=${size ? (s.state === 'hashing' ? s.hashed || 0 : s.at) : 1} max=${size || 1} label=${label} />
		<p class="with">${s.from !== undefined && html`<span class="sub">${t('upload.resumed', bytes(s.from))}</span>`}
		${s.state === 'going' && html`<button type="button" class="small" onClick=${() => up.hold(true)}>${t('upload.pause')}</button>`}
		${s.state === 'paused' && html`<button type="button" class="small" onClick=${() => up.hold(false)}>${t('upload.go')}</button>`}</p>`;
}

// The node's profile of all rows, once it is there; before, what the browser read of the first ones.
function Preview({ of, profile, confirmed, confirm }) {
	if (profile && profile.columns && profile.columns.length) {
		const same = of && of.columns.length === profile.columns.length && of.shown;
		return html`<${Section} id="preview" title=${t('preview')} note=${t('preview.all', count(profile.rows), profile.columns.length, profile.encoding || profile.sheet || '')}>
			<${Columns} profile=${profile} rows=${same || undefined} />
			${profile.confirm && html`<${Note} kind="warn"><label class="check"><input type="checkbox" checked=${confirmed} onChange=${(e) => confirm(e.target.checked)} /> ${t('encoding.confirm', profile.encoding)}</label><//>`}<//>`;
	}
	if (of === undefined)
		return '';
	return html`<${Section} id="preview" title=${t('preview')} note=${of && (of.whole ? t('preview.all', count(of.rows), of.columns.length, of.encoding) : t('preview.of', count(of.rows), of.encoding))}>
		${of ? html`<${Columns} profile=${of} rows=${of.shown} />` : html`<${Empty}>${t('preview.none')}<//>`}<//>`;
}

export function Publish({ id }) {
	const up = useUpload(), old = useGet(id ? `/products/${seg(id)}` : null), presets = useGet('/presets');
	const [seen, setSeen] = useState(undefined), [name, setName] = useState(''), [dossier, setDossier] = useState({}), [net, setNet] = useState('0'), [rate, setRate] = useState(600), [preset, setPreset] = useState('internal-use'), [tried, setTried] = useState(false), [confirmed, setConfirmed] = useState(false);
	useEffect(() => {
		const p = old.data;
		if (!p)
			return;
		setName(p.name);
		setDossier(p.dossier || {});
		setNet(`${Math.floor(p.price.net / 100)}.${String(p.price.net % 100).padStart(2, '0')}`);
		setRate(p.price.rate);
		setPreset('');
	}, [old.data && old.data.product]);
	const take = (f) => {
		if (!f)
			return;
		setSeen(undefined);
		setConfirmed(false);
		sample(f).then(setSeen, () => setSeen(null));
		if (!name)
			setName(f.name.replace(/\.[^.]*$/, ''));
		up.start(f);
	};
	const amount = fen(net), list = (presets.data && presets.data.presets) || [];
	const chosen = list.find((p) => p.name === preset);
	const publish = async () => {
		setTried(true);
		if (!name.trim() || !up.state || up.state.state !== 'done' || Number.isNaN(amount))
			return;
		const kept = Object.fromEntries(dossierParts.map((k) => [k, (dossier[k] || '').trim()]).filter(([, v]) => v));
		const made = await post('/products', { name: name.trim(), upload: up.state.id, mediaType: typeOf(up.file.name), net: amount, rate, dossier: kept, ...(preset ? { preset } : {}) });
		forgetUpload(up.file);
		location.hash = `#/products/${seg(made.product)}`;
	};
	const doubt = up.state && up.state.profile && up.state.profile.confirm && !confirmed;
	const ready = up.state && up.state.state === 'done' && !doubt;
	return html`<${Page} title=${id ? t('product.revise') : t('publish')}>
		<${Section} id="file" title=${t('file')}><${Drop} id="publish-file" label=${up.file ? `${up.file.name} · ${bytes(up.file.size)}` : t('file.drop')} note=${up.file ? t('file.change') : t('file.any')} take=${take} />
			<${Fault} problem=${up.problem} />${up.problem && html`<button type="button" onClick=${() => up.start(up.file)}>${t('retry')}</button>`}
			${up.state && html`<${UploadState} up=${up} />`}
			${tried && !up.file && html`<${Note} kind="bad">${t('publish.nofile')}<//>`}<//>
		${up.file && html`<${Preview} of=${seen} profile=${up.state && up.state.profile} confirmed=${confirmed} confirm=${setConfirmed} />`}
		<${Section} id="dossier" title=${t('dossier')}><${Meter} dossier=${dossier} />
			<div class="grid"><${Field} label=${t('name')} value=${name} maxlength="200" required onInput=${(e) => setName(e.target.value)} hint=${t('name.hint')} error=${tried && !name.trim() && t('publish.noname')} />
			${dossierParts.map((k) => html`<${Field} key=${k} label=${t(`dossier.${k}`)} value=${dossier[k] || ''} maxlength="1000" onInput=${(e) => setDossier({ ...dossier, [k]: e.target.value })} />`)}</div><//>
		<div class="pair"><${Section} id="price" title=${t('price')}>
			<div class="grid"><${Field} label=${t('price.net')} value=${net} inputmode="decimal" onInput=${(e) => setNet(e.target.value)} error=${Number.isNaN(amount) && t('price.bad')} />
			<${Field} label=${t('price.rate')}>${(fid) => html`<select id=${fid} value=${rate} onChange=${(e) => setRate(Number(e.target.value))}>${[...new Set([...rates, rate])].map((r) => html`<option value=${r}>${r / 100}%</option>`)}</select>`}<//></div>
			<p class="sentence">${Number.isNaN(amount) ? '' : amount === 0 ? t('price.free') : t('price.says', money(amount), money(taxOf(amount, rate)), money(amount + taxOf(amount, rate)))}</p><//>
		<${Section} id="terms" title=${t('terms')} note=${t('terms.after')}><${Wait} of=${presets}>${() => html`<fieldset class="choice"><legend class="hidden">${t('terms')}</legend>
			${list.map((p) => html`<label key=${p.name}><input type="radio" name="preset" checked=${preset === p.name} onChange=${() => setPreset(p.name)} /> ${word('preset', p.name)}</label>`)}</fieldset>
			<p class="sentence" aria-live="polite">${chosen ? sentence(chosen.terms) || t('terms.unknown') : old.data ? sentence(old.data.terms) || t('terms.unknown') : ''}</p>
			${chosen && html`<details><summary>${t('terms.odrl')}</summary><${Json} value=${chosen.terms} /></details>`}`}<//><//></div>
		<div class="actions foot"><${Do} kind="primary" label=${t('publish.now')} disabled=${up.file && !ready} act=${publish} />${up.file && !ready && html`<span class="sub">${t(doubt ? 'encoding.first' : 'publish.wait')}</span>`}</div><//>`;
}

export default [Publish, Publish];
