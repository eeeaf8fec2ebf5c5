// Numbers, times and names as people read them.
import { lang, t } from './words.js';

const group = (digits) => digits.replace(/\B(?=(\d{3})+$)/g, ',');

// Fen as yuan, exactly: no floating point.
export function money(fen) {
	const digits = String(Math.abs(fen)).padStart(3, '0');
	return `${fen < 0 ? '-' : ''}¥${group(digits.slice(0, -2))}.${digits.slice(-2)}`;
}

// Yuan as typed into fen; NaN where it is no amount.
export function fen(text) {
	const m = /^\s*(\d{1,11})(?:[.。](\d{1,2}))?\s*$/.exec(text || '');
	return m ? Number(m[1] + (m[2] || '').padEnd(2, '0')) : NaN;
}

export const percent = (basis) => `${basis / 100}%`;
export const taxOf = (net, rate) => Math.floor((net * rate + 5000) / 10000);
export const count = (n) => group(String(n));

export function bytes(n) {
	const units = ['B', 'KB', 'MB', 'GB', 'TB'];
	let at = 0, x = n;
	while (x >= 1000 && at < units.length - 1) { x /= 1000; at++; }
	return `${at === 0 ? x : x.toFixed(x < 10 ? 2 : x < 100 ? 1 : 0)} ${units[at]}`;
}

const two = (n) => String(n).padStart(2, '0');
export function time(iso, seconds = true) {
	const d = new Date(iso);
	if (Number.isNaN(d.getTime()))
		return '';
	return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${two(d.getHours())}:${two(d.getMinutes())}${seconds ? `:${two(d.getSeconds())}` : ''}`;
}

// How far away: "3 分钟前", "还有 2 天".
export function ago(iso, now = Date.now()) {
	const s = Math.round((now - new Date(iso).getTime()) / 1000);
	const a = Math.abs(s);
	const [n, unit] = a < 60 ? [a, 'second'] : a < 3600 ? [Math.round(a / 60), 'minute'] : a < 86400 ? [Math.round(a / 3600), 'hour'] : [Math.round(a / 86400), 'day'];
	return new Intl.RelativeTimeFormat(lang.value === 'zh' ? 'zh-CN' : 'en', { numeric: 'auto' }).format(s > 0 ? -n : n, unit);
}

// urn:uuid:0193abcd-...-9f21 -> 0193abcd…9f21; a digest likewise.
export function short(id) {
	const s = String(id || '').replace(/^(person:)?urn:uuid:/, '').replace(/^sha256:/, '');
	return s.length > 16 && /^[0-9a-f-]+$/.test(s) ? `${s.slice(0, 8)}…${s.slice(-4)}` : s;
}

// The terms in one sentence; null where they hold something that has no words here.
export function sentence(terms) {
	const rules = terms && terms.permission;
	if (!rules || rules.length !== 1 || rules[0].action !== 'use' || terms.prohibition || terms.obligation || rules[0].duty)
		return null;
	const said = (rules[0].constraint || []).map(part);
	if (said.includes(null))
		return null;
	return t('terms.sentence', said.length ? said.join(t('terms.and')) : t('terms.free'));
}

const plain = (v) => (v && typeof v === 'object' && !Array.isArray(v) ? v['@value'] ?? v['@id'] : v);

function part(x) {
	const right = plain(x.rightOperand), op = x.operator;
	const values = Array.isArray(right) ? right.map(plain).join(t('list')) : right;
	switch (x.leftOperand) {
	case 'purpose':
		return op === 'eq' || op === 'isAnyOf' ? t('terms.purpose', purpose(values)) : null;
	case 'dateTime':
		return { lt: 1, lteq: 1 }[op] ? t('terms.until', time(right)) : { gt: 1, gteq: 1 }[op] ? t('terms.from', time(right)) : null;
	case 'elapsedTime':
		return { eq: 1, lt: 1, lteq: 1 }[op] ? t('terms.within', duration(right)) : null;
	case 'count':
		return op === 'lteq' ? t('terms.count', right) : op === 'lt' ? t('terms.count', Number(right) - 1) : null;
	default:
		return null;
	}
}

function duration(iso) {
	const m = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(iso || '');
	return m ? [['D', 1], ['H', 2], ['M', 3], ['S', 4]].filter(([, i]) => m[i]).map(([u, i]) => t(`unit.${u}`, m[i])).join(' ') : iso;
}

export function purpose(p) {
	return ['internal-use', 'evaluation', 'any lawful use', 'not allowed'].includes(p) ? t(`purpose.${p}`) : p;
}
