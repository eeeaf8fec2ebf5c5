// The job in the hands of four people: the data manager makes a link and fills a spreadsheet; the boss decides on a phone; the buyer
// has nothing but a link; the bank clerk has verify.html as a file and no network. Each page: accessible, within its width, quiet.
import { readFileSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createHash } from 'node:crypto';
import { dir, done, is, Node, ok, open, shugu, until } from './node.mjs';
import { look } from './page.mjs';
import { execFileSync } from 'node:child_process';

const build = process.env.SHUGU_BUILD || 'build';
const wechat = 'Mozilla/5.0 (Linux; Android 13; M2102J2SC) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/107.0 Mobile Safari/537.36 MicroMessenger/8.0.40';
const phone = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 };
const a = await Node.make('a', '甲公司', '91110000802100433B');
const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

async function signIn(name, role, options) {
	const added = await a.run('person', 'add', name, '--role', role);
	const page = await open(options);
	page.expect = (text) => /status of 40[014]/.test(text);
	await page.goto(/https?:\/\/\S+\/signin#\S+/.exec(added.out)[0]);
	await page.click('.signin button.primary');
	await page.waitForSelector('#main h1');
	return page;
}
const go = async (page, to) => { await page.goto(`${a.url}/#/${to}`); await page.waitForSelector('main h1'); await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]')); };

// The rules by which buttons are shown are those of the routes.
const api = JSON.parse(execFileSync(shugu, ['api'], { maxBuffer: 1 << 24 }));
const table = [...readFileSync('web/console/may.js', 'utf8').matchAll(/^\t(\w+): \['(\w+) (\S+)', '([^']+)'\],$/gm)];
ok(table.length > 15, 'there is a table of who may do what');
const differ = table.filter(([, , method, path, roles]) => {
	const op = api.paths[path] && api.paths[path][method.toLowerCase()];
	return !op || op.security.flatMap((s) => Object.values(s).flat()).join(' ') !== roles;
}).map(([, name]) => name);
is(differ, [], 'buttons are shown to those whom the routes let in');

// What every node serves to verify with: under a policy of its own hashes.
const served = await fetch(`${a.url}/verify.html`);
ok(served.status === 200 && Buffer.from(await served.arrayBuffer()).equals(readFileSync(join(build, 'verify.html'))), 'the node serves verify.html as it was built');
const policy = served.headers.get('content-security-policy');
is(`${policy}\n`, readFileSync(join(build, 'verify.csp'), 'utf8'), 'with the policy of its own hashes');
ok(/default-src 'none'/.test(policy) && /script-src 'sha256-/.test(policy) && !/unsafe|\*|http/.test(policy), 'which allows nothing else', policy);

// The data manager.
const csv = join(dir, 'rain.csv');
writeFileSync(csv, ['day,mm', ...Array.from({ length: 800000 }, (_, i) => `${i},${(i * 7) % 1000}`)].join('\n') + '\n');
const bytes = readFileSync(csv);
const published = await a.run('publish', '--name', '雨量', '--terms', 'internal-use', '--net', '120050', '--rate', '600', csv);
is(published.code, 0, `a product of ${bytes.length} bytes`);
const product = (await a.api('GET', '/api/v1/products')).json.products[0].product;
const owner = await signIn('数据经理', 'owner', { viewport: { width: 1280, height: 800 } });
await go(owner, `products/${product}`);
const [sheet] = await Promise.all([owner.waitForEvent('download'), owner.click('a[href$="dossier.xlsx"]')]);
ok(readFileSync(await sheet.path()).subarray(0, 2).toString() === 'PK', 'the dossier comes as a spreadsheet');
const before = (await a.api('GET', `/api/v1/products/${product}`)).json;
// Filled by a program as a person would: the values of two cells.
writeFileSync(join(dir, 'fill.py'), `import re,sys,zipfile
src,dst,pairs=sys.argv[1],sys.argv[2],dict(p.split('=',1) for p in sys.argv[3:])
zi=zipfile.ZipFile(src);zo=zipfile.ZipFile(dst,'w',zipfile.ZIP_DEFLATED)
for i in zi.infolist():
    d=zi.read(i)
    if i.filename=='xl/worksheets/sheet1.xml':
        t=d.decode()
        for cell,v in pairs.items():
            t,n=re.subn('(<c r="D%s")'%cell[1:],lambda m:'<c r="%s" t="inlineStr"><is><t>%s</t></is></c>%s'%(cell,v,m.group(1)),t)
            assert n==1,cell
        d=t.encode()
    zo.writestr(i,d)
`);
const fill = (name, ...pairs) => { execFileSync('python3', [join(dir, 'fill.py'), sheetPath, join(dir, name), ...pairs]); return join(dir, name); };
const sheetPath = await sheet.path();
await owner.setInputFiles('#dossier-file', fill('bad.xlsx', 'C2=每日雨量', 'C3=nowhere', 'C7=sometimes'));
await owner.waitForSelector('.cells li');
is(await owner.locator('.cells code').allTextContents(), ['C3', 'C7'], 'what is wrong in it is said cell by cell');
is((await a.api('GET', `/api/v1/products/${product}`)).json.revision, before.revision, 'and then nothing is changed');
is(await look(owner, 'sheet-wrong'), [], 'mistakes by cell');
await owner.setInputFiles('#dossier-file', fill('good.xlsx', 'C2=每日雨量', 'C3=collected', 'C7=daily'));
await owner.waitForSelector('.facts dd:has-text("每日雨量")');
is(await owner.locator('.meter meter').evaluate((m) => [m.value, m.max]), [3, before.completeness.total], 'filled in, it is taken, and the meter shows it');

// He makes a link.
await owner.click('section:has(#shares) .section-head button');
await owner.getByLabel('给谁').fill('丙公司 王五');
is(await look(owner, 'share-ask'), [], 'the question for a link');
await owner.click('dialog .primary');
await owner.waitForSelector('.link svg.qr');
const url = await owner.locator('.link input').inputValue();
ok(url.startsWith(`${a.url}/s/`), 'a link is made, and its QR code');
is(await look(owner, 'share-made'), [], 'the link');
await owner.setViewportSize({ width: 360, height: 740 });
is(await look(owner, 'share-made-360'), [], 'the link, 360 px');
await owner.setViewportSize({ width: 1280, height: 800 });

// And another person.
await go(owner, 'people');
await owner.click('.page-head .primary');
await owner.locator('dialog input').fill('审计员');
await owner.locator('dialog select').selectOption('auditor');
is(await look(owner, 'person-add'), [], 'the question for a person');
await owner.click('dialog .primary');
await owner.waitForSelector('.link svg.qr');
is(await look(owner, 'person-added'), [], 'his link, once');
const auditorLink = await owner.locator('.link input').inputValue();
for (const [l, width] of [['zh', 1280], ['en', 360], ['zh', 360], ['en', 1280]]) {
	await owner.evaluate((x) => localStorage.setItem('shugu.lang', x), l);
	await owner.setViewportSize({ width, height: 740 });
	await owner.reload();
	await owner.waitForSelector('.list td.main');
	is(await look(owner, `people-${l}-${width}`), [], `people, ${l}, ${width} px`);
}
const auditor = await open({ viewport: { width: 1280, height: 800 } });
auditor.expect = (text) => /status of 401/.test(text);
await auditor.goto(auditorLink);
await auditor.click('.signin button.primary');
await auditor.waitForSelector('aside nav');
is(await auditor.locator('nav a[href="#/people"], nav a[href="#/publish"]').count(), 0, 'an auditor sees no page that is not his');
await go(auditor, `products/${product}`);
await auditor.waitForSelector('section:has(#shares) .list');
is((await auditor.locator('main button').allTextContents()).filter((s) => !/显示链接/.test(s)), [], 'and no button that he may not use');
is(await look(auditor, 'product-auditor'), [], 'the product as he sees it');

// The boss, on a phone: two partners ask; one is refused with a reason, one approved.
const b = await Node.make('b', '乙公司', '91330100MA2BENCH5M'), c = await Node.make('c', '丁公司', '914403001922038216');
for (const n of [b, c])
	await n.api('POST', '/api/v1/parties', { invitation: (await a.api('POST', '/api/v1/invitations')).json.invitation });
const boss = await signIn('老板', 'reviewer', phone);
await boss.waitForFunction(() => document.querySelectorAll('.waiting li').length === 2, null, { timeout: 20000 });
is(await look(boss, 'boss-waiting'), [], 'the boss sees what waits, on a phone');
const small = await boss.locator('.waiting button').evaluateAll((all) => all.filter((e) => e.getBoundingClientRect().height < 40).length);
is(small, 0, 'and buttons that a finger hits');
await boss.locator('.waiting li:has-text("丁公司") .danger').tap();
await boss.locator('dialog .danger').tap();
is(await boss.locator('dialog[open]').count(), 1, 'no refusal without a reason');
await boss.locator('dialog textarea').fill('没有合作意向');
is(await look(boss, 'boss-refuse'), [], 'the question for a reason');
await boss.locator('dialog .danger').tap();
await boss.waitForFunction(() => document.querySelectorAll('.waiting li').length === 1);
await boss.locator('.waiting .primary').tap();
await boss.waitForSelector('.waiting li', { state: 'detached' });
is(await look(boss, 'boss-done'), [], 'and then nothing waits');
const parties = () => a.api('GET', '/api/v1/parties').then((r) => Object.fromEntries(r.json.parties.map((p) => [p.name, p.reason ? `${p.status}: ${p.reason}` : p.status])));
is(await parties(), { 乙公司: 'approved', 丁公司: 'withdrawn: 没有合作意向' }, 'it was decided as he said');
const decided = (await a.api('GET', `/api/v1/acts?subject=${encodeURIComponent(b.did)}`)).json.acts.find((x) => x.type === 'party.approve');
ok(decided && decided.actor.startsWith('person:'), 'by a person, as the log says', decided);

// The buyer by link: first inside a chat application, then outside.
const chat = await open({ ...phone, userAgent: wechat });
await chat.goto(url);
ok((await chat.textContent('body')).includes('在浏览器打开'), 'inside a chat application the page says how to leave it');
is(await look(chat, 'link-chat'), [], 'the link in a chat application');
const buyer = await open(phone);
await buyer.goto(url);
ok(!(await buyer.textContent('body')).includes('在浏览器打开'), 'elsewhere it does not');
ok((await buyer.textContent('body')).includes('内部使用'), 'the terms stand there in plain words');
is(await look(buyer, 'link-offer'), [], 'what the link offers');
await buyer.locator('input[name=name]').fill('王五');
await buyer.locator('input[name=organisation]').fill('丙公司');
await buyer.locator('input[name=agree]').check();
await buyer.locator('form button').tap();
await buyer.waitForSelector('a[download]');
is(await look(buyer, 'link-taken'), [], 'what was taken');
const fileUrl = await buyer.locator('a[download]').evaluate((e) => e.href);
ok(!(await buyer.locator('a[href$="/invoice"]').count()), 'there is no invoice before the bytes');
// The connection breaks in the middle; the rest is asked for by its range.
const part = await new Promise((then) => get(fileUrl, (res) => { const got = []; let n = 0; res.on('data', (d) => { got.push(d); n += d.length; if (n > bytes.length / 3) { res.destroy(); then(Buffer.concat(got)); } }); res.on('error', () => {}); }));
ok(part.length < bytes.length && bytes.subarray(0, part.length).equals(part), `a download broke off after ${part.length} bytes`);
const rest = await fetch(fileUrl, { headers: { Range: `bytes=${part.length}-` } });
is([rest.status, rest.headers.get('content-range')], [206, `bytes ${part.length}-${bytes.length - 1}/${bytes.length}`], 'it goes on where it was');
is(digest(Buffer.concat([part, Buffer.from(await rest.arrayBuffer())])), digest(bytes), 'and is whole');
const [whole] = await Promise.all([buyer.waitForEvent('download'), buyer.locator('a[download]').tap()]);
is(digest(readFileSync(await whole.path())), digest(bytes), 'the browser takes it, too');
ok(await until(async () => { await buyer.reload(); return buyer.locator('a[href$="/invoice"]').count(); }), 'then there is an invoice');
is(await look(buyer, 'link-invoice'), [], 'the file and its invoice');
const [voucher] = await Promise.all([buyer.waitForEvent('download'), buyer.locator('a[href$="/invoice"]').tap()]);
const invoice = join(dir, 'invoice.json');
writeFileSync(invoice, readFileSync(await voucher.path()));
is((await a.api('GET', '/api/v1/shares')).json.shares[0].taken, 1, 'it was one taking');

// The link is revoked, and says so.
await owner.evaluate(() => localStorage.setItem('shugu.lang', 'zh'));
await owner.setViewportSize({ width: 1280, height: 800 });
await go(owner, `products/${product}`);
await owner.reload();
await owner.click('section:has(#shares) .list button.danger');
await owner.locator('dialog textarea').fill('不再需要');
await owner.click('dialog .danger');
await owner.waitForSelector('section:has(#shares) .badge.bad');
buyer.expect = (text) => /status of 4\d\d/.test(text);
is((await buyer.goto(url)).status() >= 400, true, 'a link that was revoked gives nothing more');
is(await look(buyer, 'link-revoked'), [], 'and the page says so');

// The bank clerk: a file, no network.
const clerk = await open({ viewport: { width: 1280, height: 800 }, offline: true, fileToo: true });
await clerk.goto(pathToFileURL(resolve(build, 'verify.html')).href);
const verdict = async (path) => {
	await clerk.setInputFiles('#invoice', path);
	await clerk.waitForFunction((name) => document.querySelector('#verdict') && document.querySelector('.drop .name')?.textContent === name, path.split('/').pop());
	return { good: await clerk.getAttribute('#verdict', 'data-ok'), said: await clerk.textContent('#sentence') };
};
const v = await verdict(invoice);
const same = (path) => { try { return execFileSync(process.env.SHUGU_VERIFY, ['--lang', 'zh', path], { encoding: 'utf8' }).split('\n')[0]; } catch (e) { return String(e.stdout).split('\n')[0]; } };
is(v.said, same(invoice), `the clerk is told what shugu-verify says: ${v.said}`);
ok(/单方出具/.test(v.said), 'the invoice of a link is claimed by one side', v);
is(await look(clerk, 'clerk-claimed'), [], 'the verdict');
await clerk.setInputFiles('#object', csv);
await clerk.waitForFunction(() => document.querySelector('#object-said')?.textContent.includes('rain.csv'));
is(await clerk.getAttribute('#verdict', 'data-ok'), v.good, 'the file that was downloaded is that of the invoice');
const bent = join(dir, 'bent.json');
writeFileSync(bent, readFileSync(invoice, 'utf8').replace('"net":120050', '"net":120051'));
const w = await verdict(bent);
is(w.good, 'false', `one that was bent is refused: ${w.said}`);
await clerk.setViewportSize({ width: 360, height: 740 });
is(await look(clerk, 'clerk-bent-360'), [], 'the refusal, 360 px');
await done();
