// node web/build-verify.mjs HTML CSP DEPFILE: bundles web/verify into one HTML file with its script and style inside, and
// writes the Content-Security-Policy that lets just these two run: in the page as <meta>, and as one line for the header.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const MOST = 150000;
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const from = join(root, 'web/verify');
const [html, csp, depfile] = process.argv.slice(2);

function give_up(why) {
	console.error(`web/build-verify.mjs: ${why}`);
	process.exit(1);
}

const esbuild = await import('esbuild').catch(() => give_up('esbuild is not in node_modules; tools/setup build installs it'));
const built = await esbuild.build({ entryPoints: ['page.mjs', 'verify.css'], absWorkingDir: from, bundle: true, minify: true, write: false, outdir: 'out',
	format: 'iife', charset: 'utf8', target: ['chrome94', 'firefox93', 'safari15.4'], legalComments: 'none', metafile: true, logLevel: 'silent' })
	.catch((e) => give_up(`${e.message}\nif a package is missing: tools/setup build`));
const text = (end) => built.outputFiles.find((f) => f.path.endsWith(end)).text.trimEnd();
const parts = { STYLE: text('.css'), SCRIPT: text('.js') };
const source = (t) => `'sha256-${createHash('sha256').update(t).digest('base64')}'`;
const policy = `default-src 'none'; script-src ${source(parts.SCRIPT)}; style-src ${source(parts.STYLE)}; img-src data:; base-uri 'none'; form-action 'none'`;
const page = readFileSync(join(from, 'verify.html'), 'utf8').replace(/@(CSP|STYLE|SCRIPT)@/g, (_, name) => (name === 'CSP' ? policy : parts[name]));
if (Buffer.byteLength(page) > MOST) give_up(`the page has ${Buffer.byteLength(page)} bytes, more than ${MOST}`);
writeFileSync(html, page);
// What a header may say and a <meta> may not: that no other page frames this one.
writeFileSync(csp, `${policy}; frame-ancestors 'none'\n`);
const inputs = [...Object.keys(built.metafile.inputs).map((f) => join(from, f)), join(from, 'verify.html')];
writeFileSync(depfile, `${html}: ${inputs.join(' ').replaceAll('$', '$$')}\n`);
