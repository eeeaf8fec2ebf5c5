// The console: the data manager's job through the pages of two nodes, then every page in both languages, both themes, wide and
// narrow; and how the pages are served.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { dir, done, is, Node, ok, open, pause, until } from './node.mjs';
import { look } from './page.mjs';

const script = '"><script>window.ran=1</script><img src=x onerror=window.ran=1>';
const long = '很长的名称'.repeat(12) + 'AnUnbreakableNameOfAThing'.repeat(3);
const a = await Node.make('a', `甲公司 ${script}`, '91110000802100433B');
const b = await Node.make('b', '乙公司', '91330100MA2BENCH5M');
const asked = (n) => ({ extraHTTPHeaders: { Authorization: `Bearer ${n.token}` } });

// How they are served.
const plain = await fetch(`${a.url}/`, { headers: { 'Accept-Encoding': 'identity' } });
const html = await plain.text();
const names = [...html.matchAll(/(?:src|href)="(\/app\.[^"]+)"/g)].map((m) => m[1]);
ok(names.length >= 3, 'the page names its script, style and icon, and what the script reads at once');
let first = 0;
for (const path of ['/', ...names]) {
	const res = await fetch(a.url + path);
	const h = (name) => res.headers.get(name);
	const text = Buffer.from(await res.arrayBuffer());
	const raw = await new Promise((then) => import('node:http').then(({ get }) => get(a.url + path, { headers: { 'Accept-Encoding': 'gzip' } }, (r) => { const parts = []; r.on('data', (d) => parts.push(d)).on('end', () => then(Buffer.concat(parts))); })));
	first += raw.length;
	ok(gunzipSync(raw).equals(text), `${path} is compressed, and the same without`);
	ok(/^default-src 'self';/.test(h('content-security-policy')) && /frame-ancestors 'none'/.test(h('content-security-policy')) && !/unsafe|\*|http/.test(h('content-security-policy')), `${path} has a strict policy`, h('content-security-policy'));
	is([h('x-content-type-options'), h('referrer-policy')], ['nosniff', 'no-referrer'], `${path} is not sniffed and sends no referrer`);
	const again = await fetch(a.url + path, { headers: { 'If-None-Match': h('etag') } });
	is(again.status, 304, `${path} is asked for again by its ETag`);
	ok((path === '/') === /no-cache/.test(h('cache-control')), `${path} is kept as long as its name says`, h('cache-control'));
}
ok(first <= 42000, `the first load is ${first} bytes, at most 42000`);
ok(!/<script(?![^>]*src=)|style=|\son\w+=/.test(html), 'no inline script or style');
is((await fetch(`${a.url}/app.0.js`)).status, 404, 'a name that is not there');

// Who is nobody sees nothing but the way in.
const stranger = await open();
stranger.expect = (text) => /401|404/.test(text);
await stranger.goto(`${a.url}/`);
await stranger.waitForSelector('.signin h1');
is(await stranger.locator('.signin input').count(), 1, 'a stranger is asked for his link');
ok(!(await stranger.textContent('body')).includes('甲公司'), 'and learns nothing of the node');

// People sign in by one-time links where the node has them; else the operator's token stands for a session.
async function manager(n, options = {}) {
	const added = await n.run('person', 'add', '数据经理', '--role', 'owner');
	const link = /https?:\/\/\S+\/signin#\S+/.exec(added.out);
	const page = await open(added.code === 0 && link ? options : { ...options, ...asked(n) });
	page.expect = (text) => /\/api\/v1\/session|status of 404/.test(text);
	if (added.code === 0 && link) {
		await page.goto(link[0]);
		await page.click('.signin button.primary');
		await page.waitForSelector('aside nav');
		ok(!page.url().includes('signin'), 'a link becomes a session');
	} else {
		await page.goto(`${n.url}/`);
		await page.waitForSelector('aside nav');
	}
	return page;
}

const seller = await manager(a, { viewport: { width: 1280, height: 800 } });
const buyer = await manager(b, { viewport: { width: 1280, height: 800 } });
const go = async (page, n, to) => { await page.goto(`${n.url}/#/${to}`); await page.waitForSelector('main h1'); };

// They meet.
await go(seller, a, 'partners');
await seller.click('section:has(#invite) button');
const line = await seller.locator('#invitation').inputValue();
ok(line.length > 40, 'an invitation is made');
await go(buyer, b, 'partners');
await buyer.locator('section:has(#join) textarea').fill(line);
await buyer.click('section:has(#join) button');
await buyer.waitForSelector('.list td.main');
await go(seller, a, '');
await seller.waitForSelector('.waiting li', { timeout: 20000 });
ok((await seller.textContent('.waiting')).includes('乙公司'), 'the request waits at home');
const waiting = await look(seller, 'home-waiting');
is(waiting, [], 'home with something that waits');
await seller.click('.waiting .actions .primary');
await seller.waitForSelector('.waiting li', { state: 'detached' });
ok(await until(async () => (await b.api('GET', '/api/v1/parties')).json.parties[0].status === 'approved'), 'and is approved');

// The seller publishes: a file is dropped, seen, described, priced.
const csv = join(dir, `rain.csv`);
writeFileSync(csv, ['station,when,rain,note', ...Array.from({ length: 4000 }, (_, i) => `S${i % 7},2024-01-${String(1 + (i % 28)).padStart(2, '0')},${(i * i) % 97}.${i % 10},${i % 5 ? '' : script.replace(/"/g, '')}`)].join('\n') + '\n');
await go(seller, a, 'publish');
await seller.setInputFiles('#publish-file', csv);
await seller.waitForSelector('.columns .bars rect');
ok(await seller.locator('.columns thead th').count() === 4, 'its columns are shown with their distribution');
await seller.getByLabel('名称', { exact: true }).fill(long.slice(0, 60));
await seller.getByLabel('一句话说明').fill(`雨量 ${script}`);
await seller.getByLabel('数据来源').fill(long);
await seller.getByLabel('不含税价(元)').fill('1200.50');
ok((await seller.textContent('section:has(#price) .sentence')).includes('¥1,272.53'), 'the price is said in a sentence');
await seller.getByLabel('内部使用').check();
ok((await seller.textContent('section:has(#terms) .sentence')).includes('仅限用于内部使用'), 'and so are the terms');
const form = await look(seller, 'publish-filled');
is(form, [], 'the form, filled');
await seller.locator('.actions.foot .primary:enabled').click({ timeout: 20000 });
await seller.waitForFunction(() => location.hash.startsWith('#/products/'), null, { timeout: 20000 });
const product = decodeURIComponent(seller.url().split('#/products/')[1]);
ok(product.startsWith('urn:uuid:'), 'it is published');
const object = (await a.api('GET', `/api/v1/products/${product}`)).json.object;
is(object && object.sha256, createHash('sha256').update(readFileSync(csv)).digest('hex'), 'byte for byte');

// The buyer reads the catalogue and asks.
await go(buyer, b, `partners/${encodeURIComponent(a.did)}`);
await buyer.click('section:has(#catalog) .section-head button');
await buyer.waitForSelector('section:has(#catalog) .list td.main', { timeout: 20000 });
await buyer.click('section:has(#catalog) .list button');
is(await look(buyer, 'request'), [], 'the request');
await buyer.click('dialog .primary');
await buyer.waitForFunction(() => location.hash.startsWith('#/orders/'));
const order = decodeURIComponent(buyer.url().split('#/orders/')[1]);
await buyer.waitForSelector('.steps .now:has-text("双方已登记")', { timeout: 30000 });
ok(true, 'the order goes by itself to an invoice that both have recorded');
const told = (await b.api('GET', `/api/v1/orders/${order}`)).json;
const invoice = (await b.api('GET', '/api/v1/invoices')).json.invoices[0];
await go(buyer, b, `invoices/${encodeURIComponent(invoice.id)}`);
await buyer.waitForSelector('.sheet .qr');
ok((await buyer.textContent('.sheet')).includes('本凭证不是税务发票,不得用于抵扣、税前扣除或报销'), 'the invoice says what it is not');
const [file] = await Promise.all([buyer.waitForEvent('download'), buyer.getByRole('button', { name: '下载 JSON' }).click()]);
const saved = readFileSync(await file.path(), 'utf8');
is(saved, (await b.api('GET', `/api/v1/invoices/${encodeURIComponent(invoice.id)}/file`)).text, 'its file is saved as it is');
const pdf = await buyer.pdf({ preferCSSPageSize: true });
is((pdf.toString('latin1').match(/\/Type\s*\/Page\b/g) || []).length, 1, 'it prints on one A4 page');

// A dispute, and what a person refuses.
await buyer.getByRole('button', { name: '提出争议' }).click();
await buyer.locator('dialog textarea').fill(`少了 ${script}`);
await buyer.click('dialog .primary, dialog .danger');
await buyer.waitForSelector('.sheet .badge.bad');
ok(await until(async () => (await a.api('GET', '/api/v1/invoices')).json.invoices[0].state === 'disputed'), 'a dispute reaches the other side');
await go(seller, a, '');
await seller.waitForSelector('section:has(#disputes) .list td');
ok((await seller.textContent('section:has(#disputes)')).includes(invoice.serial), 'and stands at home');

// Evidence: a digest made in the browser, found again, and its way to the root.
await go(seller, a, 'evidence');
await seller.setInputFiles('#anchor-file', csv);
await seller.waitForSelector('section:has(#anchor) .hash');
is(await seller.textContent('section:has(#anchor) .hash'), object.sha256, 'the browser makes the same digest');
await seller.click('section:has(#anchor) button.primary');
await seller.waitForSelector('section:has(#anchor) a');
const entry = /evidence\/(\d+)/.exec(await seller.getAttribute('section:has(#anchor) a', 'href'))[1];
await seller.fill('section:has(#find) input', object.sha256.toUpperCase());
await seller.click('section:has(#find) button');
await seller.waitForSelector('section:has(#find) .list');
ok(await seller.locator(`section:has(#find) a[href="#/evidence/${entry}"]`).count() === 1, 'a digest is found in the log');
await go(seller, a, `evidence/${entry}`);
await seller.waitForSelector('.path');
ok((await seller.textContent('.note.good')).includes('路径成立'), 'the path to the root is recomputed');
await seller.route('**/api/v1/evidence/*', async (r) => { const res = await r.fetch(); const j = await res.json(); j.act.at = j.act.at.replace(/\d\d\dZ$/, (m) => (m === '111Z' ? '112Z' : '111Z')); await r.fulfill({ response: res, json: j }); });
await seller.reload();
await seller.waitForSelector('section .note.bad');
ok(true, 'and one that was changed does not hold');
await seller.unroute('**/api/v1/evidence/*');

// By keyboard: past the menu, to another page, and out of a dialog.
await go(seller, a, 'products');
await seller.reload();
await seller.waitForSelector('main h1');
await seller.keyboard.press('Tab');
is(await seller.evaluate(() => document.activeElement.className), 'skip', 'the first stop skips the menu');
await seller.keyboard.press('Enter');
is(await seller.evaluate(() => document.activeElement.id), 'main', 'and does');
await seller.keyboard.press('Control+k');
await seller.waitForFunction(() => document.activeElement.closest('.palette'));
await seller.keyboard.type('伙伴');
is(await look(seller, 'palette'), [], 'the palette');
await seller.keyboard.press('Enter');
await seller.waitForFunction(() => location.hash === '#/partners');
ok(true, 'Ctrl-K goes to a page by its name');

// A broken connection: the upload goes on where it was.
const big = join(dir, 'big.bin');
writeFileSync(big, Buffer.alloc(20 << 20, 7));
await go(seller, a, 'publish');
let broken = 0;
seller.expect = (text) => /Failed to load|status of 404/.test(text);
await seller.route('**/api/v1/uploads/*', (r) => (r.request().method() === 'PATCH' && r.request().headers()['upload-offset'] === String(8 << 20) && broken++ < 2 ? r.abort() : r.continue()));
await seller.setInputFiles('#publish-file', big);
await seller.waitForSelector('.progress:has-text("已上传")', { timeout: 40000 });
is(broken >= 2, true, 'an upload survives a connection that breaks twice');
await seller.unroute('**/api/v1/uploads/*');

// Every page, everywhere. What is remembered of language and theme is what a person would choose.
const delivery = told.delivery, negotiation = told.negotiation;
const all = [
	['home', ''], ['publish', 'publish'], ['products', 'products'], ['product', `products/${product}`], ['partners', 'partners'], ['partner', `partners/${encodeURIComponent(b.did)}`],
	['contracts', 'contracts'], ['deliveries', 'deliveries'], ['invoices', 'invoices'], ['invoice', `invoices/${encodeURIComponent(invoice.id)}`], ['evidence', 'evidence'], ['act', 'evidence/5'],
	['contract', `contracts/${encodeURIComponent(negotiation)}`, b], ['delivery', `deliveries/${encodeURIComponent(delivery)}`, b], ['order', `orders/${encodeURIComponent(order)}`, b], ['settings', 'settings'], ['nothing', 'nothing'],
];
const speeds = [];
for (const lang of ['zh', 'en']) {
	for (const theme of ['light', 'dark']) {
		for (const page of [seller, buyer])
			await page.evaluate(([l, s]) => { localStorage.setItem('shugu.lang', l); localStorage.setItem('shugu.theme', s); }, [lang, theme]);
		for (const width of [1280, 360]) {
			for (const [name, to, other] of all) {
				const [page, n] = other ? [buyer, b] : [seller, a];
				await page.setViewportSize({ width, height: 800 });
				await page.goto('about:blank');
				await page.goto(`${n.url}/#/${to}`);
				await page.waitForSelector('main h1');
				await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'));
				await pause(120);
				const wrong = await look(page, `${name}-${lang}-${theme}-${width}`);
				ok(wrong.length === 0, `${name}, ${lang}, ${theme}, ${width} px`, wrong.join('\n'));
				if (width === 1280)
					speeds.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime));
			}
		}
	}
}
stranger.expect = (text) => /401|404/.test(text);
for (const width of [1280, 360]) {
	await stranger.setViewportSize({ width, height: 800 });
	is(await look(stranger, `signin-zh-light-${width}`), [], `sign-in, ${width} px`);
}
await seller.setViewportSize({ width: 360, height: 740 });
await seller.click('.menu');
is(await look(seller, 'menu-360'), [], 'the menu on a phone');
speeds.sort((x, y) => x - y);
console.log(`# first contentful paint: median ${Math.round(speeds[speeds.length >> 1])} ms`);
await done();
