// SHUGU_BUILD=build node tests/browser/verify.mjs: verify.html from a file, with the network off, in Debian's Chromium. TAP. Pictures
// of each state at 360 and 1280 px, light and dark, are left in SHUGU_BUILD/browser/verify.
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { pathToFileURL, fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const root = path.dirname(path.dirname(path.dirname(fileURLToPath(import.meta.url))));
const build = path.resolve(root, process.env.SHUGU_BUILD ?? 'build');
const directory = path.join(build, 'browser', 'verify');
const address = pathToFileURL(path.join(build, 'verify.html')).href;
const axeSource = fs.readFileSync(path.join(root, 'node_modules/axe-core/axe.min.js'), 'utf8');

let made = 0, failed = 0;
function ok(held, what, why = '') {
	console.log(`${held ? 'ok' : 'not ok'} ${++made} - verify.html: ${what}`);
	if (held) return;
	failed++;
	console.log(`# ${String(typeof why === 'string' ? why : JSON.stringify(why)).replace(/\n/g, '\n# ').slice(0, 2000)}`);
}
const is = (got, want, what) => ok(got === want, what, `got ${JSON.stringify(got)}, not ${JSON.stringify(want)}`);

// ---- Files ------------------------------------------------------------------------------------------------------------------

fs.rmSync(directory, { recursive: true, force: true });
fs.mkdirSync(directory, { recursive: true });
function put(name, bytes) {
	fs.writeFileSync(path.join(directory, name), bytes);
	return path.join(directory, name);
}
const whole = spawnSync(path.join(build, 'tests/invoice_fixture')).stdout, file = JSON.parse(whole);
const good = put('good.json', whole);
const bent = put('bent.json', whole.toString().replace('"net":1000001', '"net":1000000'));
const noReceipt = put('no-receipt.json', spawnSync(path.join(build, 'tests/invoice_fixture'), ['x']).stdout);
const object = put('data.bin', Buffer.alloc(786432));
const other = put('other.bin', Buffer.concat([Buffer.alloc(786431), Buffer.from('x')]));
const short = put('short.bin', Buffer.alloc(786431));
const huge = put('huge.json', Buffer.alloc(3 << 20, 0x20));
// What shugu-verify says of a file: the first line, without the name of the file.
const said = (name, language) => spawnSync(path.join(build, 'shugu-verify'), ['--lang', language, name], { encoding: 'utf8' }).stdout.split('\n')[0];

// ---- The page ---------------------------------------------------------------------------------------------------------------

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const late = setTimeout(() => {
	ok(false, 'all within 120 s');
	console.log(`1..${made}`);
	browser.close().finally(() => process.exit(1));
}, 120000);

const troubles = [];
async function opened({ init, hash = '', ...options } = {}) {
	const context = await browser.newContext({ offline: true, ...options });
	const page = await context.newPage();
	page.on('console', (m) => ['error', 'warning'].includes(m.type()) && troubles.push(m.text()));
	page.on('pageerror', (e) => troubles.push(e.stack));
	page.on('request', (r) => /^(file|data|blob):/.test(r.url()) || troubles.push(`asked for ${r.url()}`));
	if (init) await page.addInitScript(init);
	await page.goto(address + hash);
	await page.waitForSelector('#drop');
	return page;
}

async function verdict(page, name) {
	await page.setInputFiles('#invoice', name);
	// The one before is gone while the file is read.
	await page.waitForFunction((want) => document.querySelector('#verdict') && document.querySelector('.drop .name')?.textContent === want, path.basename(name));
	return { sentence: await page.textContent('#sentence'), ok: await page.getAttribute('#verdict', 'data-ok') === 'true' };
}

async function looks(page, name) {
	for (const scheme of ['light', 'dark']) for (const width of [360, 1280]) {
		await page.emulateMedia({ colorScheme: scheme });
		await page.setViewportSize({ width, height: 800 });
		const wide = await page.evaluate(() => {
			const clipped = [...document.querySelectorAll('body *')].filter((e) => !e.closest('svg') && e.getClientRects().length && e.type !== 'file' && e.tagName !== 'TEXTAREA'
				&& (e.getBoundingClientRect().right > innerWidth + 0.5 || (getComputedStyle(e).overflow !== 'visible' && e.scrollWidth > e.clientWidth + 1)));
			return { over: document.documentElement.scrollWidth - innerWidth, clipped: clipped.map((e) => e.outerHTML.slice(0, 80)) };
		});
		ok(wide.over <= 0 && wide.clipped.length === 0, `${name}, ${scheme}, ${width} px: nothing overflows`, wide);
		await page.screenshot({ path: path.join(directory, `${name}-${scheme}-${width}.png`), fullPage: true });
		if (width === 360) {
			// Playwright evaluates past the page's policy; axe is given to it so.
			await page.evaluate(axeSource);
			const { violations } = await page.evaluate(() => globalThis.axe.run());
			ok(violations.length === 0, `${name}, ${scheme}: axe finds nothing`, violations.map((v) => [v.id, v.nodes.map((n) => [n.html.slice(0, 120), n.failureSummary])]));
		}
	}
}

async function languages() {
	const page = await opened();
	is(await page.getAttribute('html', 'lang'), 'zh-CN', 'Chinese comes first');
	const chinese = /[\u4e00-\u9fff]/;
	for (const [state, name] of [['empty', null], ['good', good], ['bent', bent]]) {
		if (name) await verdict(page, name);
		if (state === 'good') await page.click('summary');
		await looks(page, `${state}-zh`);
		await page.click('#language');
		is(await page.getAttribute('html', 'lang'), 'en', `${state}: the button changes the language`);
		const left = (await page.innerText('main')).split('\n').filter((l) => chinese.test(l));
		ok(left.length === 0 && !/\[object|undefined|\{\w+\}/.test(await page.innerText('body')), `${state}: English is complete`, left);
		await looks(page, `${state}-en`);
		await page.click('#language');
	}
	await page.click('#language');
	await page.reload();
	await page.waitForSelector('#drop');
	is(await page.getAttribute('html', 'lang'), 'en', 'the language chosen stays');
	await page.context().close();
	const english = await opened({ hash: '#en' });
	is(await english.getAttribute('html', 'lang'), 'en', 'a link may ask for English');
	await english.context().close();
}

async function verdicts(what, options) {
	for (const language of ['zh', 'en']) {
		const page = await opened({ ...options, hash: `#${language}` });
		for (const [name, holds] of [[good, true], [noReceipt, true]]) {
			const v = await verdict(page, name);
			is(v.sentence, said(name, language), `${what}, ${language}: ${path.basename(name)}: the sentence of shugu-verify`);
			is(v.ok, holds, 'and it is proved');
		}
		const v = await verdict(page, bent), begins = said(bent, language).split(': ').slice(0, 2).join(': ');
		ok(!v.ok && v.sentence.startsWith(begins), `${what}, ${language}: a bent file fails at the same check`, `${v.sentence} / ${begins}`);
		await page.context().close();
	}
}

async function refusals() {
	const page = await opened({ hash: '#en' });
	await verdict(page, bent);
	is(await page.getAttribute('li.failed', 'data-check'), 'signatures', 'the check that failed is marked');
	ok((await page.textContent('.todo')).length > 40, 'what to do is said');
	is(await page.locator('svg').count(), 0, 'and no path is shown of a file that proves nothing');
	ok(!(await verdict(page, huge)).ok, 'a file that is too large is refused');
	ok(!(await verdict(page, object)).ok, 'so is one that is no text');
	// Names are what another wrote.
	const script = structuredClone(file);
	script.core.G['<img src=x onerror=alert(1)>'] = 1;
	const canonical = (v) => (Array.isArray(v) ? `[${v.map(canonical)}]` : v && typeof v === 'object' ? `{${Object.keys(v).sort().map((k) => `${JSON.stringify(k)}:${canonical(v[k])}`)}}` : JSON.stringify(v));
	ok((await verdict(page, put('script.json', canonical(script)))).sentence.includes('<img src=x'), 'markup in a file stays text');
	is(await page.locator('main img').count(), 0, 'and becomes no element');
	await page.context().close();
}

async function delivered(what, options) {
	const page = await opened({ hash: '#en', ...options });
	await verdict(page, good);
	for (const [name, holds] of [[object, true], [other, false], [object, true], [short, false]]) {
		await page.setInputFiles('#object', name);
		await page.waitForFunction((want) => document.querySelector('#object-said')?.textContent.includes(want), path.basename(name));
		const text = await page.textContent('#object-said'), { ok: proved } = { ok: await page.getAttribute('#verdict', 'data-ok') === 'true' };
		is(proved, holds, `${what}: ${path.basename(name)} ${holds ? 'is' : 'is not'} the file delivered`);
		ok(text.includes(holds ? 'is the object of this invoice' : 'is not the object of this invoice'), 'and that is said', text);
	}
	await page.context().close();
}

async function wishes() {
	const page = await opened({ hash: '#en' });
	await verdict(page, noReceipt);
	await page.click('summary');
	for (const [level, met] of [['delivered', false], ['recorded', true]]) {
		await page.selectOption('#require', level);
		ok((await page.textContent('#met')).includes(met ? 'meets what is required' : 'does not meet'), `no receipt: ${level} is ${met ? '' : 'not '}met`);
	}
	const lines = Object.values(file.core.G).filter((p) => p.key).map((p) => `${p.did} ${p.key}\nlog ${p.log}`);
	const list = async (text) => {
		await page.fill('#list', text);
		await page.locator('#list').blur();
		return page.innerText('main');
	};
	ok((await list(lines.join('\n'))).includes('the keys are those of the list given'), 'a list with their keys is met');
	const [{ did }] = Object.values(file.core.G).filter((p) => p.key).slice(1);
	ok((await list(lines[0])).includes(`NOT PROVED: keys: ${did} is not in the list of keys`), 'one without a party is not');
	ok((await list('x')).includes('Line 1 of the list'), 'a list that is none is named as such');
	is(await page.getAttribute('#verdict', 'data-ok'), 'true', 'and is no fault of the invoice');
	await page.context().close();
}

async function hands() {
	const page = await opened();
	await page.keyboard.press('Tab');
	is(await page.evaluate(() => document.activeElement.id), 'language', 'the keyboard reaches the language');
	await page.keyboard.press('Tab');
	is(await page.evaluate(() => document.activeElement.id), 'invoice', 'and the field of the file');
	// A busy browser may pass over a key.
	let chooser = null;
	for (let n = 0; n < 4 && !chooser; n++) {
		const choosing = page.waitForEvent('filechooser', { timeout: 4000 }).catch(() => null);
		await page.locator('#invoice').press(n % 2 ? 'Enter' : 'Space');
		chooser = await choosing;
	}
	ok(chooser, 'a key opens the choice of a file');
	await chooser.setFiles(good);
	await page.waitForSelector('#verdict');
	is(await page.evaluate(() => document.activeElement.id), 'verdict', 'the verdict gets the focus');
	is(await page.locator('figure.path svg').count(), 2, 'two paths are drawn');
	is(await page.locator('figure.path').first().locator('rect').count(), 2 * file.core.issue.path.length + 1, 'each with a box a hash');
	await page.context().close();
	const dropped = await opened();
	const data = await dropped.evaluateHandle((text) => {
		const d = new DataTransfer();
		d.items.add(new File([text], 'dropped.json'));
		return d;
	}, whole.toString());
	await dropped.dispatchEvent('#drop', 'drop', { dataTransfer: data });
	await dropped.waitForSelector('#verdict');
	is(await dropped.getAttribute('#verdict', 'data-ok'), 'true', 'a file that is dropped is verified');
	await dropped.context().close();
}

const withoutSubtle = () => Object.defineProperty(Crypto.prototype, 'subtle', { get: () => undefined, configurable: true });
const withoutEd25519 = () => { SubtleCrypto.prototype.importKey = () => Promise.reject(new DOMException('no Ed25519', 'NotSupportedError')); };
try {
	ok(fs.statSync(path.join(build, 'verify.html')).size <= 150000, 'it has at most 150,000 bytes');
	const policy = /Content-Security-Policy" content="([^"]+)"/.exec(fs.readFileSync(path.join(build, 'verify.html'), 'utf8'))[1];
	is(fs.readFileSync(path.join(build, 'verify.csp'), 'utf8'), `${policy}; frame-ancestors 'none'\n`, 'the policy for the header is that of the page, and that nobody frames it');
	await languages();
	await verdicts('network off');
	await verdicts('without crypto.subtle', { init: withoutSubtle });
	await verdicts('without Ed25519 in WebCrypto', { init: withoutEd25519 });
	const page = await opened({ init: withoutSubtle });
	ok((await page.textContent('footer')).includes('noble'), 'without crypto.subtle noble computes');
	await page.context().close();
	await refusals();
	await delivered('delivered file');
	await delivered('delivered file, without crypto.subtle', { init: withoutSubtle });
	await wishes();
	await hands();
} catch (e) {
	ok(false, 'it runs to its end', e.stack);
}
ok(troubles.length === 0, 'no error in the console, nothing asked of a network', troubles.join('\n'));
clearTimeout(late);
await browser.close();
console.log(`1..${made}`);
process.exitCode = failed === 0 ? 0 : 1;
