// A large file goes up through the page and comes down by a link, though the connection breaks and the node is killed in between.
// 64 MB; with LARGE=1 it is 1 GB (minutes; not in .ci/run). The file is sparse but for some bytes that must keep their places.
import { createHash } from 'node:crypto';
import { closeSync, createReadStream, ftruncateSync, openSync, writeSync } from 'node:fs';
import { get } from 'node:http';
import { join } from 'node:path';
import { dir, done, is, Node, ok, open } from './node.mjs';
import { look } from './page.mjs';

const size = process.env.LARGE ? 1 << 30 : 64 << 20;
const limit = process.env.LARGE ? 240000 : 60000;
const path = join(dir, 'large.bin');
const fd = openSync(path, 'w');
ftruncateSync(fd, size);
for (let i = 0; i < 64; i++)
	writeSync(fd, `mark ${i}`, Math.floor((size / 64) * i) + i * 17);
closeSync(fd);
const hashOf = async (name) => { const h = createHash('sha256'); for await (const part of createReadStream(name)) h.update(part); return h.digest('hex'); };
const want = await hashOf(path);

const a = await Node.make('a', '甲公司', '91110000802100433B');
const page = await open({ viewport: { width: 1280, height: 800 }, extraHTTPHeaders: { Authorization: `Bearer ${a.token}` } });
page.expect = (text) => /Failed to load/.test(text);
await page.goto(`${a.url}/#/publish`);
await page.waitForSelector('#publish-file', { state: 'attached' });

// Up: one connection breaks; then the node is killed while a piece comes in, and begins anew.
let broken = 0, killed = false;
const offsets = [];
await page.route('**/api/v1/uploads/*', async (r) => {
	const at = Number(r.request().headers()['upload-offset']);
	if (r.request().method() !== 'PATCH')
		return r.continue();
	offsets.push(at);
	if (at >= size / 4 && !broken++)
		return r.abort('connectionreset');
	if (at >= size / 2 && !killed) {
		killed = true;
		await r.continue();
		await a.stop('SIGKILL');
		return a.start();
	}
	return r.continue();
});
await page.setInputFiles('#publish-file', path);
await page.waitForSelector('.progress:has-text("已上传")', { timeout: limit });
ok(broken > 0 && killed, 'an upload survives a broken connection and a node that was killed');
ok(offsets.every((at, i) => i === 0 || at >= offsets[i - 1]), 'and never begins anew', offsets.join(' '));
is(await look(page, 'large-uploaded'), [], 'the page, uploaded');
await page.unroute('**/api/v1/uploads/*');
await page.locator('.actions.foot .primary:enabled').click();
await page.waitForFunction(() => location.hash.startsWith('#/products/'));
const product = decodeURIComponent(page.url().split('#/products/')[1]);
is((await a.api('GET', `/api/v1/products/${product}`)).json.object.sha256, want, 'it is what it was');

// Down: by a link; three connections break, and the node is killed once.
const link = (await a.api('POST', '/api/v1/shares', { product, to: '丙公司', count: 1, days: 1 })).json.url;
const taken = await (await fetch(link, { method: 'POST', headers: { Accept: 'application/json', 'Content-Type': 'application/x-www-form-urlencoded' }, body: 'name=x&organisation=y&agree=yes' })).json();
const sha = createHash('sha256');
let at = 0, parts = 0;
const some = (most) => new Promise((then) => {
	const over = () => then();
	get(taken.file, { headers: at ? { Range: `bytes=${at}-` } : {} }, (res) => {
		if (res.statusCode !== (at ? 206 : 200)) { res.destroy(); return over(); }
		parts++;
		const end = at + most;
		res.on('data', (d) => { if (at < end) { sha.update(d); at += d.length; } if (at >= end && at < size) res.destroy(); });
		res.on('end', over).on('error', over).on('close', over);
	}).on('error', over);
});
for (let i = 0; i < 3; i++)
	await some(size / 5);
ok(at > 0 && at < size, `a download broke off ${parts} times, at ${at} bytes`);
await a.stop('SIGKILL');
await a.start();
for (let i = 0; i < 5 && at < size; i++)
	await some(size);
is([at, sha.digest('hex')], [size, want], 'and is whole in the end');
const browsed = await page.context().newPage();
const arrival = browsed.waitForEvent('download', { timeout: limit });
await browsed.goto(taken.page.startsWith('http') ? taken.page : a.url + taken.page);
await browsed.click('a[download]');
is(await hashOf(await (await arrival).path()), want, 'a browser takes it whole, too');
is((await a.api('GET', '/api/v1/shares')).json.shares[0].taken, 1, 'all this is one taking');
await done();
