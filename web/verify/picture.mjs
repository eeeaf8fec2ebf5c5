// The path from an act to the signed root as a picture: the root on top, a level a row, each with the sibling that it is hashed
// with on the side on which that stands.
import { hex } from './bytes.mjs';
import { h, s } from './dom.mjs';
import { page } from './page_words.mjs';

const WIDTH = 340, ROW = 56, BOX = 104, HIGH = 30, MIDDLE = WIDTH / 2;
const short = (hash) => `${hex(hash).slice(0, 6)}…${hex(hash).slice(-4)}`;

function box(x, y, text, kind, title) {
	return s('g', { class: `box ${kind}` }, s('title', null, title),
		s('rect', { x: x - BOX / 2, y, width: BOX, height: HIGH, rx: 7 }),
		s('text', { x, y: y + HIGH / 2 + 4.2, 'text-anchor': 'middle' }, text));
}

const line = (x1, y1, x2, y2, kind) => s('path', { class: kind, d: `M${x1} ${y1}C${x1} ${(y1 + y2) / 2} ${x2} ${(y1 + y2) / 2} ${x2} ${y2}` });

export function picture(way, language) {
	const rows = [...way.steps].reverse(), high = ROW * rows.length + HIGH, lines = [], boxes = [];
	rows.forEach((step, i) => {
		const y = i * ROW, below = y + ROW, x = step.left ? BOX / 2 + 1 : WIDTH - BOX / 2 - 1;
		const child = i + 1 < rows.length ? rows[i + 1].hash : way.leaf;
		lines.push(line(MIDDLE, below, MIDDLE, y + HIGH, 'way'), line(x, below, MIDDLE + (step.left ? -20 : 20), y + HIGH, 'side'));
		boxes.push(box(x, below, short(step.other), 'sibling', `${page(language, 'sibling')} ${hex(step.other)}`));
		boxes.push(box(MIDDLE, below, short(child), i + 1 < rows.length ? 'step' : 'leaf', `${page(language, 'computed')} ${hex(child)}`));
	});
	boxes.push(box(MIDDLE, 0, short(way.root), 'root', `${page(language, 'root')} ${hex(way.root)}`));
	const told = page(language, 'pathText', { type: page(language, way.type), index: way.index, size: way.size, origin: way.origin,
		steps: rows.length, leaf: short(way.leaf), root: short(way.root) });
	return h('figure', { class: 'path' },
		h('figcaption', null, h('strong', null, page(language, way.type)), h('span', { class: 'mono' }, way.origin)),
		h('p', { class: 'end' }, page(language, rows.length ? 'root' : 'rootAlone')),
		s('svg', { viewBox: `0 -1 ${WIDTH} ${high + 2}`, role: 'img', 'aria-label': told }, ...lines, ...boxes),
		h('p', { class: 'end' }, page(language, 'entryOf', { index: way.index, size: way.size }), h('br'), h('span', { class: 'dim' }, way.at), h('br'),
			h('span', { class: 'dim' }, `${page(language, 'documentDigest')} `, h('span', { class: 'mono', title: way.document }, `${way.document.slice(0, 6)}…${way.document.slice(-4)}`))));
}
