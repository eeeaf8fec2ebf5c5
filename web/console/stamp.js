// What a step still waits for (people, a stamped contract), and the stamped contract itself: put in, seen by digest, got back.
import { useEffect, useRef, useState } from 'preact/hooks';
import { post, seg, session, useGet } from './api.js';
import { Drop } from './evidence.js';
import { bytes, money } from './format.js';
import { may } from './may.js';
import { Badge, Do, Fault, Hash, html, Progress, Section, Size, Table, tell, Wait, When, WithReason } from './ui.js';
import { forgetUpload, upload } from './upload.js';
import { t, word } from './words.js';

const types = { 'application/pdf': 'PDF', 'image/png': 'PNG', 'image/jpeg': 'JPEG' };

// Who has said yes, and what is missing, and the two answers. of: a row of the inbox, or a contract.
export function Signing({ of, id, reload }) {
	const missing = of.waitsFor || [], me = session.value && session.value.person;
	const said = me && (of.proposedBy || '').startsWith(`person:${me}#`);
	const inbox = useGet('/inbox'), row = inbox.data && inbox.data.waiting.find((w) => w.id === id);
	const decided = (what) => { tell(t(`done.${what}`)); reload(); };
	return html`<${Section} id="signing" title=${t('stamp.waiting')} actions=${html`
		<${WithReason} needs="refuse" label=${t('refuse')} danger act=${async (v) => { await post(`/inbox/${seg(id)}/refuse`, { reason: v.reason }); decided('refuse'); }} />
		${!said && html`<${Do} needs="approve" kind="primary" label=${t('approve')} act=${async () => { await post(`/inbox/${seg(id)}/approve`); decided('approve'); }} />`}`}>
		${row && row.net !== undefined && html`<p>${row.what === 'void' ? t('state.void') : t('stamp.afterwards', money(row.net))} · ${row.about}</p>`}
		<ul class="needs">${of.proposedBy && html`<li><${Badge} value="approved" label=${t('stamp.said')} /> ${of.proposedByName || word('by', of.proposedBy)} <span class="sub"><${When} at=${of.proposedAt} /></span></li>`}
		${missing.map((m) => html`<li key=${m}><${Badge} value="asked" label=${t('stamp.missing')} /> ${word('waits', m)}</li>`)}</ul><//>`;
}

function Put({ path, reload }) {
	const [file, setFile] = useState(null), [state, set] = useState(null), [problem, setProblem] = useState(null);
	const control = useRef({});
	useEffect(() => () => { control.current.ended = true; }, []);
	const take = async (f) => {
		if (!f)
			return;
		control.current.ended = true;
		const own = { paused: false };
		control.current = own;
		setFile(f);
		setProblem(null);
		set({ state: 'going', at: 0 });
		try {
			const u = await upload(f, own, set);
			if (!u)
				return;
			await post(`${path}/attachments`, { upload: u.id });
			tell(t('stamp.attached'));
			setFile(null);
			reload();
		} catch (p) {
			setProblem(p);
		}
		forgetUpload(f);
		set(null);
	};
	return html`<${Drop} id="stamp-file" label=${file ? `${file.name} · ${bytes(file.size)}` : t('stamp.drop')} note=${t('stamp.types')} take=${take} />
		${state && html`<${Progress} value=${state.at} max=${file ? file.size : 1} label=${t('stamp.uploading', bytes(state.at), bytes(file ? file.size : 0))} />`}
		<${Fault} problem=${problem} />`;
}

// path: of what the files belong to; open: whether more may be attached.
export function Stamped({ path, open, wanted, reload }) {
	const list = useGet(`${path}/attachments`);
	const rows = list.data && list.data.attachments;
	if (rows && !rows.length && !(open && may('attach')))
		return null;
	return html`<${Section} id="stamped" title=${t('stamp.title')} note=${wanted ? t('stamp.wanted') : t('stamp.note')}><${Wait} of=${list}>${() => html`
		${rows.length > 0 && html`<${Table} label=${t('stamp.title')} rows=${rows} empty="" keyOf=${(x) => x.sha256} columns=${[
			{ head: t('mediatype'), main: true, cell: (x) => html`<a href=${`/api/v1${path}/attachments/${x.sha256}`} download>${t('stamp.get', types[x.mediaType] || x.mediaType)}</a>` },
			{ head: t('size'), num: true, cell: (x) => html`<${Size} n=${x.size} />` },
			{ head: 'SHA-256', cell: (x) => html`<${Hash} value=${x.sha256} />` },
			{ head: t('by'), cell: (x) => x.byName || word('by', x.by) },
			{ head: t('at'), cell: (x) => html`<${When} at=${x.at} seconds=${false} />` }]} />`}
		${open && may('attach') && html`<${Put} path=${path} reload=${() => { list.reload(); reload(); }} />`}`}<//><//>`;
}

// Printed by the node: to look at, and to sign on.
export const Paper = ({ path }) => html`<a class="button" href=${`/api/v1${path}/pdf`} download>${t('paper.pdf')}</a><a class="button" href=${`/api/v1${path}/html`} target="_blank" rel="noopener">${t('paper.html')}</a>`;
