// What the corpus needs to write files as people's programs write them: a seeded generator of random numbers, GB18030, zip, .docx and .xlsx,
// and numbers with their check digits (GB 11643, GB 32100, Luhn).
import zlib from 'node:zlib';

// mulberry32 over an FNV hash of a seed in words: the same words, the same numbers.
export function random(seed) {
	let a = 2166136261;
	for (const c of Buffer.from(String(seed))) a = Math.imul(a ^ c, 16777619);
	const next = () => {
		a = (a + 0x6D2B79F5) | 0;
		let t = Math.imul(a ^ (a >>> 15), 1 | a);
		t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
		return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
	};
	const r = {
		next,
		int: (from, to) => from + Math.floor(next() * (to - from + 1)),
		pick: list => list[Math.floor(next() * list.length)],
		chance: p => next() < p,
		digits: n => Array.from({length: n}, () => Math.floor(next() * 10)).join(''),
		hex: n => Array.from({length: n}, () => Math.floor(next() * 16).toString(16)).join(''),
		shuffle: list => list.map(x => [next(), x]).sort((x, y) => x[0] - y[0]).map(x => x[1]),
	};
	for (let i = 0; i < 8; i++) next();
	return r;
}

let two;
export function gb18030(text) {
	if (!two) {
		two = new Map();
		const read = new TextDecoder('gb18030');
		for (let a = 0x81; a <= 0xFE; a++)
			for (let b = 0x40; b <= 0xFE; b++) {
				const c = b === 0x7F ? '' : read.decode(Uint8Array.of(a, b));
				if (c.length === 1 && c !== '\uFFFD' && !two.has(c)) two.set(c, Buffer.of(a, b));
			}
	}
	return Buffer.concat([...text].map(c => c < '\x80' ? Buffer.from(c) : two.get(c) ?? (() => { throw new Error(`no GB18030 for ${c}`); })()));
}

export function zip(files) {
	const parts = [], central = [];
	let at = 0;
	for (const [name, text] of files) {
		const raw = Buffer.from(text), packed = zlib.deflateRawSync(raw), n = Buffer.from(name), head = Buffer.alloc(26);
		head.writeUInt16LE(20, 0); head.writeUInt16LE(0x800, 2); head.writeUInt16LE(8, 4); head.writeUInt16LE(0x5C21, 8);
		head.writeUInt32LE(zlib.crc32(raw), 10); head.writeUInt32LE(packed.length, 14); head.writeUInt32LE(raw.length, 18); head.writeUInt16LE(n.length, 22);
		const tail = Buffer.alloc(14);
		tail.writeUInt32LE(at, 10);
		parts.push(Buffer.from('PK\x03\x04'), head, n, packed);
		central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), head, tail, n);
		at += 30 + n.length + packed.length;
	}
	const dir = Buffer.concat(central), end = Buffer.alloc(18);
	end.writeUInt16LE(files.length, 4); end.writeUInt16LE(files.length, 6); end.writeUInt32LE(dir.length, 8); end.writeUInt32LE(at, 12);
	return Buffer.concat([...parts, dir, Buffer.from('PK\x05\x06'), end]);
}

const xml = s => String(s).replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

// Paragraphs, each cut into two runs as word processors do; rows of pairs as a table.
export function docx(title, lines, table) {
	const run = s => `<w:r><w:t xml:space="preserve">${xml(s)}</w:t></w:r>`;
	const p = s => `<w:p>${s.length > 6 ? run(s.slice(0, 5)) + run(s.slice(5)) : run(s)}</w:p>`;
	const body = table
		? `<w:tbl>${table.map(r => `<w:tr>${r.map(c => `<w:tc>${p(c)}</w:tc>`).join('')}</w:tr>`).join('')}</w:tbl>`
		: lines.map(p).join('');
	return zip([
		['[Content_Types].xml', head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'],
		['_rels/.rels', head + '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>'],
		['word/document.xml', head + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${p(title)}${body}<w:sectPr/></w:body></w:document>`],
	]);
}

export function xlsx(rows) {
	const strings = new Map();
	const cell = (v, at) => {
		if (typeof v === 'number') return `<c r="${at}"><v>${v}</v></c>`;
		if (!strings.has(v)) strings.set(v, strings.size);
		return `<c r="${at}" t="s"><v>${strings.get(v)}</v></c>`;
	};
	const sheet = rows.map((r, y) => `<row r="${y + 1}">${r.map((v, x) => cell(v, String.fromCharCode(65 + x) + (y + 1))).join('')}</row>`).join('');
	const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main', rel = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
	return zip([
		['[Content_Types].xml', head + '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"/></Types>'],
		['_rels/.rels', head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${rel}/officeDocument" Target="xl/workbook.xml"/></Relationships>`],
		['xl/workbook.xml', head + `<workbook xmlns="${main}" xmlns:r="${rel}"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`],
		['xl/_rels/workbook.xml.rels', head + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="${rel}/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="${rel}/sharedStrings" Target="sharedStrings.xml"/></Relationships>`],
		['xl/worksheets/sheet1.xml', head + `<worksheet xmlns="${main}"><sheetData>${sheet}</sheetData></worksheet>`],
		['xl/sharedStrings.xml', head + `<sst xmlns="${main}" count="${strings.size}" uniqueCount="${strings.size}">${[...strings.keys()].map(s => `<si><t xml:space="preserve">${xml(s)}</t></si>`).join('')}</sst>`],
	]);
}

export const csv = rows => rows.map(r => r.map(c => /[",\n]/.test(String(c)) ? `"${String(c).replace(/"/g, '""')}"` : c).join(',')).join('\r\n') + '\r\n';

export function idNumber(r, year) {
	const w = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
	const s = r.pick(['330106', '330108', '110105', '310115', '440305', '320583']) + year + String(r.int(1, 12)).padStart(2, '0') + String(r.int(1, 28)).padStart(2, '0') + r.digits(3);
	return s + '10X98765432'[w.reduce((sum, x, i) => sum + x * s[i], 0) % 11];
}

export function luhn(body) {
	let sum = 0;
	for (let i = body.length - 1, odd = true; i >= 0; i--, odd = !odd) {
		const d = odd ? body[i] * 2 : +body[i];
		sum += d > 9 ? d - 9 : d;
	}
	return body + (10 - sum % 10) % 10;
}

export function uscc(r) {
	const set = '0123456789ABCDEFGHJKLMNPQRTUWXY';
	const s = '91' + r.pick(['330100', '330108', '310115', '440300', '110108']) + 'MA' + Array.from({length: 7}, () => set[r.int(0, 30)]).join('');
	let w = 1, sum = 0;
	for (const c of s) { sum += set.indexOf(c) * w; w = w * 3 % 31; }
	return s + set[(31 - sum % 31) % 31];
}
