// The page: one file in, one verdict out. State is three things (the invoice, the object, the wishes of the reader); each
// change draws the result anew.
import { Refusal } from './bytes.mjs';
import { choose } from './ed25519.mjs';
import { CHECKS, LABELS, check, meets } from './invoice.mjs';
import { BadList, checkKeys, readList } from './trust.mjs';
import { checkObject } from './object.mjs';
import { checkName, facts, flags, sentence } from './verdict.mjs';
import { say } from './words.mjs';
import { page } from './page_words.mjs';
import { h } from './dom.mjs';
import { picture } from './picture.mjs';

const LIMITS = ['noReceipt', 'unsigned', 'named', 'later', 'keys', 'independence'];
const STORED = 'shugu-language';

const state = { language: 'zh', engine: null, name: '', found: null, trouble: null, busy: false, list: '', require: '', object: null };
const word = (name, values) => page(state.language, name, values);
const capital = (text) => text[0].toUpperCase() + text.slice(1);

// A page from a file may have no storage; then the choice lasts as long as the page.
function stored(value) {
	try {
		if (value) localStorage.setItem(STORED, value);
		return localStorage.getItem(STORED);
	} catch {
		return null;
	}
}

// ---- What is found, with what stands beside the file --------------------------------------------------------------------------

// The verdict with the keys and the object: {found, trusted, object, badLine}. A refusal of one of them is the verdict.
function judged() {
	let { found } = state, trusted = false, badLine = 0;
	const refuse = (step, words) => { found = { ...found, ok: false, check: step, words }; };
	if (found.ok && state.list.trim() !== '') {
		try {
			checkKeys(readList(state.list), found.parties);
			trusted = true;
		} catch (e) {
			if (e instanceof BadList) badLine = e.line;
			else if (e instanceof Refusal) refuse('keys', e.words);
			else throw e;
		}
	}
	if (found.ok && state.object?.words) refuse('object', state.object.words);
	return { found, trusted, object: found.ok && state.object?.done === true, badLine };
}

async function open(file) {
	if (state.object) state.object.stopped = true;
	Object.assign(state, { busy: true, name: file.name, found: null, trouble: null, object: null });
	draw();
	try {
		// Of what is too large to be an invoice only as much is read as tells so.
		const bytes = new Uint8Array(await file.slice(0, (1 << 20) + 1).arrayBuffer());
		state.found = await check(bytes, state.engine.verify);
	} catch (e) {
		state.trouble = e;
	}
	state.busy = false;
	draw();
	document.getElementById('verdict')?.focus();
}

async function openObject(file) {
	if (state.object) state.object.stopped = true;
	const o = { name: file.name, size: file.size, read: 0, done: false };
	state.object = o;
	draw();
	try {
		await checkObject(file.stream(), state.found.core.G.object, (bytes) => {
			if (o.stopped) throw new DOMException('', 'AbortError');
			o.read = bytes;
			progress(o);
		});
		o.done = true;
	} catch (e) {
		if (e instanceof Refusal) o.words = e.words;
		else if (e.name !== 'AbortError') o.trouble = e;
	}
	if (state.object === o) draw();
}

// ---- Parts ------------------------------------------------------------------------------------------------------------------

function chooser(id, label, take, kind) {
	const input = h('input', { type: 'file', id, class: 'file', onchange: () => input.files[0] && take(input.files[0]) });
	return [input, h('label', { for: id, class: `button ${kind}` }, label)];
}

function dropping(element, take) {
	let inside = 0;
	const over = (n) => element.classList.toggle('over', (inside = Math.max(0, inside + n)) > 0);
	element.addEventListener('dragenter', (e) => (e.preventDefault(), over(1)));
	element.addEventListener('dragleave', () => over(-1));
	element.addEventListener('dragover', (e) => e.preventDefault());
	element.addEventListener('drop', (e) => {
		e.preventDefault();
		e.stopPropagation();
		over(-inside);
		if (e.dataTransfer.files[0]) take(e.dataTransfer.files[0]);
	});
	return element;
}

const header = () => h('header', null,
	h('div', { class: 'brand' }, h('span', { class: 'mark', 'aria-hidden': 'true' }), word('brand')),
	h('button', { type: 'button', id: 'language', lang: state.language === 'zh' ? 'en' : 'zh-CN', onclick: () => speak(state.language === 'zh' ? 'en' : 'zh') }, word('other')));

function intake() {
	const small = Boolean(state.found);
	return dropping(h('section', { class: small ? 'drop small' : 'drop', id: 'drop' },
		small ? null : h('p', { class: 'big' }, word('drop')),
		small ? h('span', { class: 'name' }, state.name) : h('p', { class: 'dim' }, word('or')),
		chooser('invoice', word(small ? 'another' : 'choose'), open, small ? 'quiet' : 'first'),
		small ? h('button', { type: 'button', class: 'button quiet print', onclick: () => window.print() }, word('print')) : h('p', { class: 'dim' }, word('hint'))), open);
}

function tone(found) {
	if (!found.ok || found.later.void || found.later.withdrawn) return 'bad';
	return flags(found).length > 0 ? 'care' : 'good';
}
const MARKS = { good: '✓', care: '!', bad: '✕' };

function banner({ found }) {
	const kind = tone(found);
	const title = found.ok ? [found.reached.label, ...flags(found)].map((w) => say(state.language, w)).join(' · ') : say(state.language, 'refused');
	return h('section', { class: `verdict ${kind}`, id: 'verdict', tabindex: '-1', 'aria-live': 'polite', 'data-ok': String(found.ok) },
		h('span', { class: 'sign', 'aria-hidden': 'true' }, MARKS[kind]),
		h('div', null, h('h1', null, title), h('p', { id: 'sentence' }, sentence(found, state.language)),
			found.ok ? null : h('p', { class: 'todo' }, h('strong', null, word('todo') + (state.language === 'zh' ? ':' : ': ')), word('advice' + capital(found.check)))));
}

function checklist({ found, trusted, object }) {
	const rows = CHECKS.filter((c) => c !== 'keys' && c !== 'object' || found.check === c || (c === 'keys' ? trusted : object));
	const status = (c) => {
		if (found.check === c && !found.ok) return 'failed';
		if (c === 'keys' || c === 'object' || found.passed.includes(c)) return 'passed';
		return found.passed.includes('later') || (c === 'accept' && found.check === 'later') ? 'notThere' : 'notReached';
	};
	return h('section', { class: 'card' }, h('h2', null, word('checks')), h('ol', { class: 'checks' },
		rows.map((c) => h('li', { class: status(c), 'data-check': c }, h('span', null, checkName(state.language, c)), h('em', null, word(status(c)))))));
}

function says(all) {
	const { core, digest } = all.found;
	const colon = (text) => h('dt', null, text);
	const rows = all.lines.filter(([name]) => !LIMITS.includes(name) && !['noTax', 'trusted', 'object'].includes(name));
	return h('section', { class: 'card' }, h('h2', null, word('facts')), h('dl', null,
		rows.map(([name, value]) => [colon(say(state.language, name)), h('dd', { class: name === 'head' || name === 'replaced' ? 'mono' : '' }, value ?? '')]),
		colon(word('issued')), h('dd', null, core.I.issued), colon(word('digest')), h('dd', { class: 'mono' }, digest)));
}

function limits(all) {
	const rows = all.lines.filter(([name]) => LIMITS.includes(name)), proved = all.lines.filter(([name]) => name === 'trusted' || name === 'object');
	const text = ([name, value]) => say(state.language, name) + (value ? `: ${value}` : '');
	return h('section', { class: 'card' }, h('h2', null, word('limits')),
		h('ul', { class: 'limits' }, rows.map((row) => h('li', null, text(row)))),
		proved.map((row) => h('p', { class: 'proved' }, `✓ ${text(row)}`)),
		h('p', { class: 'tax' }, say(state.language, 'noTax')));
}

const paths = ({ found }) => h('section', { class: 'card' }, h('h2', null, word('paths')), h('p', { class: 'dim' }, word('pathsLead')),
	h('div', { class: 'paths' }, [...found.ways, ...found.later.ways].map((way) => picture(way, state.language))));

function size(n) {
	const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB'], power = Math.min(4, Math.floor(Math.log2(Math.max(n, 1)) / 10));
	return `${(n / 2 ** (10 * power)).toFixed(power ? 1 : 0)} ${units[power]}`;
}

function progress(o) {
	const bar = document.getElementById('progress');
	if (bar) bar.value = o.size ? o.read / o.size : 1;
	const told = document.getElementById('told');
	if (told) told.textContent = word('progress', { done: size(o.read), all: size(o.size) });
}

function objectPart() {
	const o = state.object, busy = o && !o.done && !o.words && !o.trouble && !o.stopped;
	const stop = () => {
		o.stopped = true;
		state.object = null;
		draw();
	};
	return dropping(h('section', { class: 'card object', id: 'object-part' }, h('h2', null, word('objectHeading')), h('p', { class: 'dim' }, word('objectLead')),
		chooser('object', word('objectChoose'), openObject, 'quiet'),
		busy ? h('p', { class: 'row' }, h('progress', { id: 'progress', max: 1, value: 0, 'aria-label': o.name }), h('span', { id: 'told' }, o.name),
			h('button', { type: 'button', class: 'button quiet', onclick: stop }, word('stop'))) : null,
		o?.done ? h('p', { class: 'proved', role: 'status', id: 'object-said' }, `✓ ${o.name} (${size(o.size)}): ${say(state.language, 'object')}`) : null,
		o?.words ? h('p', { class: 'wrong', role: 'status', id: 'object-said' }, `✕ ${o.name} (${size(o.size)}): ${o.words[state.language]}`) : null,
		o?.trouble ? h('p', { class: 'wrong', role: 'status' }, word('unread', { why: o.trouble.message })) : null), openObject);
}

let moreOpen = false;
function more({ found, badLine }) {
	const list = h('textarea', { id: 'list', rows: 4, spellcheck: 'false', 'aria-describedby': 'list-hint', onchange: () => (state.list = list.value, draw('list')) });
	list.value = state.list;
	const level = h('select', { id: 'require', onchange: () => (state.require = level.value, draw('require')) },
		h('option', { value: '' }, word('none')), LABELS.map((l) => h('option', { value: l, selected: l === state.require }, say(state.language, l))));
	const met = state.require && meets(found, state.require);
	return h('details', { class: 'card', open: moreOpen, ontoggle: (e) => { moreOpen = e.target.open; } }, h('summary', null, word('more')),
		h('label', { for: 'list' }, word('keysLabel')), list, h('p', { class: 'dim', id: 'list-hint' }, word('keysHint')),
		badLine ? h('p', { class: 'wrong', role: 'status' }, word('badList', { line: badLine })) : null,
		h('label', { for: 'require' }, word('require')), level,
		state.require ? h('p', { class: met ? 'proved' : 'wrong', role: 'status', id: 'met' }, met ? `✓ ${word('met')}` : `✕ ${say(state.language, 'unmet')}`) : null);
}

function result() {
	if (state.busy) return [h('p', { class: 'dim', role: 'status' }, word('busy'))];
	if (state.trouble) return [h('p', { class: 'wrong', role: 'alert' }, word(state.trouble instanceof DOMException ? 'unread' : 'fault', { why: state.trouble.message || state.trouble.name }))];
	if (!state.found) return [];
	const all = judged();
	if (state.found.ok) all.lines = facts({ ...all.found, ok: true }, all);
	const parts = [banner(all)];
	if (!state.found.ok) return [...parts, checklist(all)];
	return [...parts, h('div', { class: 'two' }, says(all), h('div', null, limits(all), checklist(all))), objectPart(), paths(all), more(all)];
}

function draw(focus) {
	document.documentElement.lang = state.language === 'zh' ? 'zh-CN' : 'en';
	document.title = word('title');
	document.body.replaceChildren(header(), h('main', null,
		state.found ? null : h('h1', null, word('heading')), state.found ? null : h('p', { class: 'lead' }, word('lead')),
		intake(), state.found ? null : h('p', { class: 'local' }, word('local')), result()),
	h('footer', null, state.found ? h('p', null, word('local')) : null, h('p', null, word('by', { name: state.engine.name === 'noble' ? '@noble/ed25519' : state.engine.name }))));
	if (focus) document.getElementById(focus)?.focus();
}

function speak(language) {
	state.language = stored(language) ?? language;
	draw('language');
}

async function start() {
	// What is dropped beside the field is meant for it: a browser would leave the page for the file.
	dropping(document.documentElement, open);
	state.language = location.hash === '#en' ? 'en' : stored() === 'en' && location.hash !== '#zh' ? 'en' : 'zh';
	state.engine = await choose();
	draw();
}

start();
