// node rules/build.mjs OUT.c OUT.d: compresses the files of rules/ into the C table of src/rules/shipped.h, in the form that the hash
// of a set is made of: name, LF, length, LF, bytes. The same files give the same bytes.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deflateSync } from 'node:zlib';

const [outC, outD] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const names = readdirSync(here).filter((n) => n.endsWith('.json')).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
const all = Buffer.concat(names.flatMap((n) => {
	const bytes = readFileSync(`${here}/${n}`);
	return [Buffer.from(`${n}\n${bytes.length}\n`), bytes];
}));
const packed = deflateSync(all, { level: 9 });
writeFileSync(outC, `#include "rules/shipped.h"\n\nconst unsigned char rules_packed[] = {${[...packed].join(',')}};
const size_t rules_packed_n = ${packed.length}, rules_unpacked_n = ${all.length};\n`);
const read = [fileURLToPath(import.meta.url), ...names.map((n) => `${here}/${n}`)];
writeFileSync(outD, `${outC}: ${read.map((p) => p.replace(/ /g, '\\ ')).join(' ')}\n`);
