// What the first part of a file says of it, at once and in the browser: encoding, columns, their distribution. The node's own
// profile, of all rows, takes its place once the file is published.
const HEAD = 1 << 20, SHOWN = 8, ROWS = 5000, BINS = 12;

function decode(buf) {
	const b = new Uint8Array(buf);
	const as = (name, from = 0) => new TextDecoder(name, { fatal: true }).decode(b.subarray(from), { stream: true });
	if (b[0] === 0xff && b[1] === 0xfe)
		return ['UTF-16LE', as('utf-16le', 2)];
	if (b[0] === 0xfe && b[1] === 0xff)
		return ['UTF-16BE', as('utf-16be', 2)];
	if (b[0] === 0xef && b[1] === 0xbb && b[2] === 0xbf)
		return ['UTF-8 BOM', as('utf-8', 3)];
	for (const name of ['utf-8', 'gb18030']) {
		try {
			return [name.toUpperCase(), as(name)];
		} catch { /* the next one */ }
	}
	return null;
}

export function parseCsv(text, delimiter) {
	const rows = [];
	let row = [], field = '', quoted = false, any = false;
	for (let i = 0; i < text.length && rows.length <= ROWS; i++) {
		const ch = text[i];
		if (quoted) {
			if (ch !== '"')
				field += ch;
			else if (text[i + 1] === '"')
				field += text[++i];
			else
				quoted = false;
		} else if (ch === '"' && field === '') {
			quoted = any = true;
		} else if (ch === delimiter) {
			row.push(field);
			field = '';
			any = true;
		} else if (ch === '\n') {
			if (field.endsWith('\r'))
				field = field.slice(0, -1);
			if (any || field !== '')
				rows.push([...row, field]);
			row = [];
			field = '';
			any = false;
		} else {
			field += ch;
		}
	}
	return { rows, rest: [...row, field] };
}

const number = /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const date = /^\d{4}[-/]\d{2}[-/]\d{2}(?:[T ]\d{2}:\d{2}.*)?$/;

function typeOf(values) {
	if (!values.length)
		return 'empty';
	if (values.every((v) => /^[+-]?(?:0|[1-9]\d*)$/.test(v)))
		return 'integer';
	if (values.every((v) => number.test(v)))
		return 'decimal';
	if (values.every((v) => date.test(v)))
		return values.some((v) => v.length > 10) ? 'datetime' : 'date';
	return values.every((v) => /^(true|false)$/i.test(v)) ? 'boolean' : 'text';
}

function columnOf(name, all) {
	const values = all.filter((v) => v !== undefined && v !== ''), type = typeOf(values);
	const col = { name, type, nulls: all.length - values.length };
	const counts = new Map();
	values.forEach((v) => counts.set(v, (counts.get(v) || 0) + 1));
	col.distinct = counts.size;
	const scale = type === 'integer' || type === 'decimal' ? Number : type === 'date' || type === 'datetime' ? (v) => Date.parse(v.replace(/\//g, '-')) : null;
	if (scale && counts.size > 1) {
		const xs = values.map((v) => [scale(v), v]).filter(([x]) => Number.isFinite(x)).sort((a, b) => a[0] - b[0]);
		if (xs.length) {
			const [low, high] = [xs[0][0], xs[xs.length - 1][0]], bins = new Array(BINS).fill(0);
			xs.forEach(([x]) => { bins[high === low ? 0 : Math.min(BINS - 1, Math.floor(((x - low) / (high - low)) * BINS))]++; });
			Object.assign(col, { min: xs[0][1], max: xs[xs.length - 1][1], histogram: bins });
			return col;
		}
	}
	col.top = [...counts].sort((a, b) => b[1] - a[1]).slice(0, BINS).map(([value, count]) => ({ value, count }));
	return col;
}

export async function sample(file) {
	const kind = /\.(csv|tsv|jsonl|ndjson)$/i.exec(file.name);
	if (!kind)
		return null;
	const whole = file.size <= HEAD, told = decode(await file.slice(0, HEAD).arrayBuffer());
	if (!told)
		return null;
	const [encoding, text] = told;
	let names, rows;
	if (/jsonl|ndjson/i.test(kind[1])) {
		const objects = text.split('\n').slice(0, whole ? undefined : -1).slice(0, ROWS).flatMap((l) => { try { const o = JSON.parse(l); return o && typeof o === 'object' ? [o] : []; } catch { return []; } });
		names = [...new Set(objects.flatMap(Object.keys))].slice(0, 200);
		rows = objects.map((o) => names.map((n) => (o[n] === null || o[n] === undefined ? '' : typeof o[n] === 'object' ? JSON.stringify(o[n]) : String(o[n]))));
	} else {
		const head = text.slice(0, 4096).split('\n')[0];
		const delimiter = /tsv/i.test(kind[1]) ? '\t' : [',', ';', '\t', '|'].sort((a, b) => head.split(b).length - head.split(a).length)[0];
		const got = parseCsv(text, delimiter);
		if (whole && got.rest.some((v) => v !== ''))
			got.rows.push(got.rest);
		[names, ...rows] = got.rows;
	}
	if (!names || !names.length)
		return null;
	names = names.slice(0, 200);
	return { encoding, whole: whole && rows.length < ROWS, rows: rows.length, columns: names.map((n, i) => columnOf(n, rows.map((r) => r[i]))), shown: rows.slice(0, SHOWN) };
}
