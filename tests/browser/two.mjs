// Two people and a stamped contract, on pages: the owner asks for them in the settings; of two orders the boss refuses one with a
// reason; the other waits (待签章) until the stamped scan is attached and both have said yes. Wide and narrow, zh and en.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dir, done, is, Node, ok, open, until } from './node.mjs';
import { look } from './page.mjs';

const wide = { viewport: { width: 1280, height: 800 } };
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const s = await Node.make('s', '甲公司', '91110000802100433B'), b = await Node.make('b', '乙公司', '91330100MA2BENCH5M');

async function signIn(name, role, options) {
	const added = await b.run('person', 'add', name, '--role', role);
	const page = await open(options);
	page.expect = (text) => /status of 40[0134]/.test(text);
	await page.goto(/https?:\/\/\S+\/signin#\S+/.exec(added.out)[0]);
	await page.click('.signin button.primary');
	await page.waitForSelector('#main h1');
	return page;
}
const go = async (page, to) => { await page.goto(`${b.url}/#/${to}`); await page.waitForSelector('main h1'); await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]')); };

await b.api('POST', '/api/v1/parties', { invitation: (await s.api('POST', '/api/v1/invitations')).json.invitation });
const asks = await until(async () => ((await s.api('GET', '/api/v1/inbox')).json.waiting || [])[0]);
await s.api('POST', `/api/v1/inbox/${encodeURIComponent(asks.id)}/approve`);
ok(await until(async () => (await b.api('GET', '/api/v1/parties')).json.parties[0].status === 'approved'), 'they are partners');
writeFileSync(join(dir, 'weather.csv'), 'station,rain\n1,2\n');
is((await s.run('publish', '--name', 'weather', '--net', '12345', '--rate', '600', join(dir, 'weather.csv'))).code, 0, 'a product');

// The owner sets it.
const owner = await signIn('王总', 'owner', wide);
await go(owner, 'settings');
await owner.locator('section:has(#agreement) input[name=twoPeople]').check();
await owner.waitForSelector('section:has(#agreement) input[name=twoPeople]:checked:enabled');
await owner.locator('section:has(#agreement) input[name=stamped]').check();
ok(await until(async () => { const p = (await b.api('GET', '/api/v1/agreement-policy')).json; return p.twoPeople && p.stamped; }), 'two people and a stamp are asked for');
await owner.reload();
await owner.waitForSelector('section:has(#agreement) input[name=stamped]:checked');
ok(true, 'and shown again');
is(await look(owner, 'settings-set'), [], 'the settings');

const order = async () => (await b.api('POST', '/api/v1/orders', { party: s.did, product: 'weather', deliver: true, anew: true })).json.order;
const waiting = () => b.api('GET', '/api/v1/inbox').then((r) => r.json.waiting.filter((w) => w.what === 'agreement'));
const boss = await signIn('李经理', 'reviewer', phone);
is(await boss.locator('nav a[href="#/settings"]').count(), 0, 'the settings are the owner’s');

// Refused.
const refused = await order();
const first = (await until(async () => { const w = await waiting(); return w.length && w; }))[0];
await go(boss, `contracts/${encodeURIComponent(first.id)}`);
await boss.waitForSelector('#signing');
is(await boss.locator('.needs li').count(), 3, 'a person, another and a stamp are missing');
is(await look(boss, 'contract-waits-360'), [], 'a contract that waits, on a phone');
await boss.locator('section:has(#signing) .danger').tap();
await boss.locator('dialog .danger').tap();
is(await boss.locator('dialog[open]').count(), 1, 'no refusal without a reason');
await boss.locator('dialog textarea').fill('价格太高');
await boss.locator('dialog .danger').tap();
ok(await until(async () => (await b.api('GET', `/api/v1/orders/${refused}`)).json.state === 'failed'), 'the boss refuses it');
ok(await until(async () => ((await s.api('GET', '/api/v1/agreements')).json.agreements[0] || {}).reason === '价格太高'), 'and the seller reads why');
await boss.waitForSelector('#signing', { state: 'detached' });

// Approved, with a stamp.
const wanted = await order();
const second = (await until(async () => { const w = await waiting(); return w.length && w; }))[0];
const at = `contracts/${encodeURIComponent(second.id)}`;
await go(owner, 'contracts');
await owner.waitForSelector('.badge:has-text("待签章")');
await go(owner, at);
await owner.waitForSelector('#signing');
await owner.click('section:has(#signing) .primary');
await owner.waitForSelector('.needs li:has-text("王总")');
is(await owner.locator('.needs li').count(), 3, 'who has said yes is shown, and what is missing');
is(await owner.locator('section:has(#signing) .primary').count(), 0, 'nobody is asked twice');
const bad = join(dir, 'page.pdf'), good = join(dir, 'signed.pdf');
writeFileSync(bad, '<html><script>alert(1)</script>');
writeFileSync(good, Buffer.concat([Buffer.from('%PDF-1.4\n'), Buffer.alloc(300000, 5)]));
await owner.setInputFiles('#stamp-file', bad);
await owner.waitForSelector('section:has(#stamped) .note.bad');
ok((await owner.textContent('section:has(#stamped) .note.bad')).includes('neither a PDF nor a scan'), 'a page that calls itself PDF is refused where it was put');
is(await look(owner, 'stamp-refused'), [], 'as is seen');
await owner.setInputFiles('#stamp-file', good);
await owner.waitForSelector('section:has(#stamped) .list');
const sha = createHash('sha256').update(readFileSync(good)).digest('hex');
is(await owner.textContent('section:has(#stamped) .hash'), sha, 'the stamped contract, by its digest');
const [file] = await Promise.all([owner.waitForEvent('download'), owner.click('section:has(#stamped) .list a')]);
ok(readFileSync(await file.path()).equals(readFileSync(good)), 'is given back byte for byte');
for (const [lang, width] of [['en', 1280], ['en', 360], ['zh', 360], ['zh', 1280]]) {
	await owner.evaluate((x) => localStorage.setItem('shugu.lang', x), lang);
	await owner.setViewportSize({ width, height: 800 });
	await owner.reload();
	await owner.waitForSelector('section:has(#stamped) .list');
	await owner.waitForSelector('#signing');
	is(await look(owner, `contract-stamped-${lang}-${width}`), [], `a contract that waits for another, ${lang}, ${width} px`);
}
await go(boss, '');
await boss.waitForSelector('.waiting li:has-text("王总 已同意")');
is(await look(boss, 'boss-second-360'), [], 'at home the boss reads who has said yes');
await boss.locator('.waiting .primary').tap();
ok(await until(async () => (await b.api('GET', `/api/v1/orders/${wanted}`)).json.state === 'recorded', 30000), 'his yes concludes it, and the circulation ends recorded');
await go(owner, at);
await owner.waitForSelector('.badge:has-text("已生效")');
is(await owner.locator('#signing').count(), 0, 'nothing waits any more');
const [pdf] = await Promise.all([owner.waitForEvent('download'), owner.click('.page-head a[href$="/pdf"]')]);
is(readFileSync(await pdf.path()).subarray(0, 5).toString(), '%PDF-', 'the contract is printed as PDF');
const invoice = (await b.api('GET', '/api/v1/invoices')).json.invoices[0];
await go(owner, `invoices/${encodeURIComponent(invoice.id)}`);
const [paper] = await Promise.all([owner.waitForEvent('download'), owner.click('.page-head a[href$="/pdf"]')]);
is(readFileSync(await paper.path()).subarray(0, 5).toString(), '%PDF-', 'and so is the invoice');

// The same for an invoice: a correction waits for another person and a stamp.
await go(owner, 'settings');
await owner.locator('section:has(#invoice) input[name=twoPeople]').check();
await owner.locator('section:has(#invoice) input[name=stamped]:enabled').check();
ok(await until(async () => { const p = (await b.api('GET', '/api/v1/invoice-policy')).json; return p.twoPeople && p.stamped; }), 'and for invoices');
await go(owner, `invoices/${encodeURIComponent(invoice.id)}`);
await owner.getByRole('button', { name: '更正', exact: true }).click();
await owner.locator('dialog input[name=net]').fill('100');
await owner.locator('dialog textarea').fill('数量有误');
await owner.click('dialog .primary');
await owner.waitForSelector('.needs li:has-text("王总")');
is(await owner.locator('.needs li').count(), 3, 'a correction waits for another person and a stamp');
await owner.waitForSelector('section:has(#signing) p:has-text("更正后不含税 ¥100.00 · 数量有误")');
is(await look(owner, 'invoice-waits'), [], 'as the invoice shows');
await owner.setInputFiles('#stamp-file', good);
await owner.waitForSelector('section:has(#stamped) .list');
await go(boss, `invoices/${encodeURIComponent(invoice.id)}`);
await boss.waitForSelector('#signing');
is(await look(boss, 'invoice-waits-360'), [], 'also on a phone');
await boss.locator('section:has(#signing) .primary').tap();
ok(await until(async () => { const x = (await s.api('GET', '/api/v1/invoices')).json.invoices[0]; return x && x.waitsFor && (await s.api('GET', `/api/v1/invoices/${encodeURIComponent(x.id)}`)).json.corrections.length === 1; }), 'his yes sends it to the seller, where it waits');
await done();
