// node web/build.mjs OUT.c OUT.d [VERIFY.html VERIFY.csp]: bundles the console by one call of esbuild (a file for what sign-in and home
// need, one for each page that comes later, and what those share), compresses what came out, and writes it as the C table of
// src/api/pages.h. The same sources give the same bytes. OUT.d names what was read.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';

const esbuild = await import('esbuild').catch(() => {
	console.error('web/build.mjs: esbuild is missing: run tools/setup build');
	process.exit(1);
});
const [outC, outD, verifyHtml, verifyCsp] = process.argv.slice(2);
const here = dirname(fileURLToPath(import.meta.url));
const source = (name) => `${here}/console/${name}`;

const FIRST_LOAD = 42000; // bytes, gzipped: the page, its style and icon, and all that the script of sign-in and home reads

const bundled = await esbuild.build({
	entryPoints: { app: source('main.js'), style: source('app.css') },
	outdir: '/', entryNames: 'app.[hash]', chunkNames: 'app.[hash]', splitting: true, bundle: true, minify: true, write: false, metafile: true,
	format: 'esm', target: 'es2021', charset: 'utf8', legalComments: 'none', logLevel: 'warning', absWorkingDir: resolve(here, '..'),
});
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
const nameOf = (path) => `/${path.split('/').pop()}`;
const built = Object.fromEntries(Object.entries(bundled.metafile.outputs).map(([path, o]) => [nameOf(path), o]));
const entry = (end) => Object.keys(built).find((name) => name.endsWith(end) && built[name].entryPoint?.endsWith(end === '.js' ? 'main.js' : 'app.css'));
// What is read with the first script: itself and what it imports at once, and so on.
const atOnce = [entry('.js')];
for (const name of atOnce)
	atOnce.push(...built[name].imports.filter((i) => i.kind === 'import-statement').map((i) => nameOf(i.path)).filter((n) => !atOnce.includes(n)));
const icon = readFileSync(source('icon.svg'));
const iconName = `/app.${digest(icon)}.svg`;
const preload = atOnce.slice(1).map((n) => `<link rel="modulepreload" href="${n}">`).join('');
const html = Buffer.from(readFileSync(source('index.html'), 'utf8').replace('@CSS@', entry('.css')).replace('@JS@', entry('.js')).replace('@ICON@', iconName)
	.replace('</head>', `${preload}</head>`));

const own = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const pages = [
	{ path: '/', type: 'text/html; charset=utf-8', policy: own, bytes: html },
	...bundled.outputFiles.map((f) => ({
		path: nameOf(f.path), type: f.path.endsWith('.css') ? 'text/css; charset=utf-8' : 'text/javascript; charset=utf-8', policy: own, forever: true, bytes: Buffer.from(f.contents),
	})).sort((x, y) => (x.path < y.path ? -1 : 1)),
	{ path: iconName, type: 'image/svg+xml', policy: own, forever: true, bytes: icon },
];
if (verifyHtml)
	pages.push({
		path: '/verify.html', type: 'text/html; charset=utf-8', policy: readFileSync(verifyCsp, 'utf8').trim(), bytes: readFileSync(verifyHtml),
	});

const text = (s) => JSON.stringify(s);
const c = ['#include "api/pages.h"', ''];
pages.forEach((p, i) => {
	p.gzip = gzipSync(p.bytes, { level: 9 });
	p.gzip[9] = 255; // no machine's name in the header
	c.push(`static const unsigned char page_${i}[] = {${[...p.gzip].join(',')}};`);
});
c.push('const struct page console_pages[] = {');
pages.forEach((p, i) => c.push(`	{${text(p.path)}, ${text(p.type)}, ${text(`"${digest(p.bytes)}"`)}, ${text(p.policy)}, `
	+ `${p.forever ? 'true' : 'false'}, page_${i}, ${p.gzip.length}, ${p.bytes.length}},`));
c.push('};', `const size_t console_pages_n = ${pages.length};`, '');
writeFileSync(outC, c.join('\n'));

const read = [fileURLToPath(import.meta.url), source('index.html'), source('icon.svg'), ...Object.keys(bundled.metafile.inputs).map((p) => resolve(here, '..', p))];
if (verifyHtml)
	read.push(verifyHtml, verifyCsp);
writeFileSync(outD, `${outC}: ${read.map((p) => p.replace(/ /g, '\\ ')).join(' ')}\n`);

const first = pages.filter((p) => ['/', entry('.css'), iconName, ...atOnce].includes(p.path)).reduce((n, p) => n + p.gzip.length, 0);
if (first > FIRST_LOAD) {
	console.error(`web/build.mjs: the first load is ${first} bytes gzipped (${FIRST_LOAD})`);
	process.exit(1);
}
