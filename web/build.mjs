// node web/build.mjs OUT.c OUT.d [VERIFY.html VERIFY.csp]: bundles the console by one call of esbuild, compresses what came out, and
// writes it as the C table of src/api/pages.h. The same sources give the same bytes. OUT.d names what was read.
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

const bundled = await esbuild.build({
	entryPoints: { app: source('main.js'), style: source('app.css') },
	outdir: '/', bundle: true, minify: true, write: false, metafile: true, format: 'esm', target: 'es2021',
	charset: 'utf8', legalComments: 'none', logLevel: 'warning', absWorkingDir: resolve(here, '..'),
});
const part = (end) => Buffer.from(bundled.outputFiles.find((f) => f.path.endsWith(end)).contents);
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex').slice(0, 16);
const [js, css] = [part('.js'), part('.css')];
const icon = readFileSync(source('icon.svg'));
const names = { icon: `/app.${digest(icon)}.svg`, js: `/app.${digest(js)}.js`, css: `/app.${digest(css)}.css` };
const html = Buffer.from(readFileSync(source('index.html'), 'utf8').replace('@CSS@', names.css).replace('@JS@', names.js).replace('@ICON@', names.icon));

const own = "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";
const pages = [
	{ path: '/', type: 'text/html; charset=utf-8', policy: own, bytes: html },
	{ path: names.js, type: 'text/javascript; charset=utf-8', policy: own, forever: true, bytes: js },
	{ path: names.css, type: 'text/css; charset=utf-8', policy: own, forever: true, bytes: css },
	{ path: names.icon, type: 'image/svg+xml', policy: own, forever: true, bytes: icon },
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

// First load: the page, its script, style and icon.
const first = pages.slice(0, 4).reduce((n, p) => n + p.gzip.length, 0);
if (first > 60000) {
	console.error(`web/build.mjs: the first load is ${first} bytes gzipped (60000)`);
	process.exit(1);
}
