// Settings: what it takes to bind this organisation. Each change is an act of who makes it.
import { useState } from 'preact/hooks';
import { post, useGet } from './api.js';
import { Fault, html, Page, Section, tell, Wait } from './ui.js';
import { add, t } from './words.js';

add({
	'settings.sub': ['怎样才能约束本单位;每次改动都记入日志。', 'What it takes to bind this organisation; each change is logged.'],
	'policy.agreement': ['订立合同', 'Concluding a contract'],
	'policy.agreement.note': ['由谁决定,还需要什么。', 'Who decides, and what else it takes.'],
	'policy.agreement.automatic': ['条款相符时自动订立', 'Automatic where the terms agree'],
	'policy.agreement.person': ['由人决定', 'A person decides'],
	'policy.invoice': ['更正或作废数据发票', 'Correcting or voiding an invoice'],
	'policy.invoice.note': ['以及由谁接受收到的数据发票。', 'And who accepts an invoice that comes.'],
	'policy.invoice.automatic': ['与收到的数据相符时自动接受', 'Accepted automatically where it agrees with what came'],
	'policy.invoice.person': ['由人接受', 'A person accepts'],
	'policy.twoPeople': ['须有两个不同的人同意', 'Two different people must say yes'],
	'policy.stamped': ['须附盖章的合同(PDF 或扫描件)', 'A stamped contract (PDF or scan) must be attached'],
	'policy.kept': ['已保存', 'Saved'],
});

function Switches({ path, who, choices, title, note, id }) {
	const policy = useGet(path);
	const [problem, set] = useState(null), [busy, setBusy] = useState(false), [mine, keep] = useState({});
	const change = async (body) => {
		keep({ ...mine, ...body });
		setBusy(true);
		try {
			keep(await post(path, body));
			set(null);
			tell(t('policy.kept'));
		} catch (p) {
			keep(mine);
			set(p);
		}
		setBusy(false);
	};
	return html`<${Section} id=${id} title=${title} note=${note}><${Wait} of=${policy}>${(read) => { const p = { ...read, ...mine }; return html`<fieldset class="choice" disabled=${busy}><legend class="hidden">${title}</legend>
		${choices.map((k) => html`<label key=${k}><input type="radio" name=${path} checked=${p[who] === k} onChange=${() => change({ [who]: k })} /> ${t(`policy.${id}.${k}`)}</label>`)}</fieldset>
		${['twoPeople', 'stamped'].filter((k) => k in p).map((k) => html`<p key=${k}><label class="check"><input type="checkbox" name=${k} disabled=${busy} checked=${p[k]} onChange=${(e) => change({ [k]: e.target.checked })} /> ${t(`policy.${k}`)}</label></p>`)}
		<${Fault} problem=${problem} />`; }}<//><//>`;
}

const Settings = () => html`<${Page} title=${t('settings')} sub=${t('settings.sub')}>
	<${Switches} id="agreement" path="/agreement-policy" who="decides" choices=${['automatic', 'person']} title=${t('policy.agreement')} note=${t('policy.agreement.note')} />
	<${Switches} id="invoice" path="/invoice-policy" who="acceptance" choices=${['automatic', 'person']} title=${t('policy.invoice')} note=${t('policy.invoice.note')} /><//>`;

export default [Settings];
