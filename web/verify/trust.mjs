// A reader's own list of who holds which key (docs/FORMATS.md, 7): `<did> <b64 key>` and `log <vkey>`, a line each.
import { must } from './bytes.mjs';

// The list cannot be read: what the person gave is wrong, not the invoice.
export class BadList extends Error {
	constructor(line) {
		super(`line ${line}`);
		this.line = line;
	}
}

// [{did, key} or {log}] of a text.
export function readList(text) {
	const rows = [];
	text.split('\n').forEach((raw, i) => {
		const line = raw.replace(/^[ \t\r]+|[ \t\r]+$/g, ''), space = line.indexOf(' ');
		if (line === '' || line.startsWith('#')) return;
		const name = line.slice(0, Math.max(space, 0)), value = line.slice(space + 1).trim();
		if (space > 0 && name === 'log' && value.includes('+')) rows.push({ log: value });
		else if (space > 0 && name.startsWith('did:') && value !== '') rows.push({ did: name, key: value });
		else throw new BadList(i + 1);
	});
	return rows;
}

// Refuses where a party of G that has a key is not in the list, or it or its log with another key.
export function checkKeys(rows, parties) {
	for (const p of parties.filter(Boolean)) {
		const keys = rows.filter((r) => r.did === p.did);
		must(keys.length > 0, `${p.did} is not in the list of keys`, `密钥清单中没有 ${p.did}`);
		must(keys.every((r) => r.key === p.keyText), `${p.did} has another key in the list`, `清单中 ${p.did} 的密钥不同`);
		must(rows.every((r) => !r.log || r.log.slice(0, r.log.indexOf('+')) !== p.origin || r.log === p.logText),
			`${p.origin} has another key in the list`, `清单中 ${p.origin} 的密钥不同`);
	}
}
