// What every page must be, whatever it shows: accessible, within its width, quiet.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pictures } from './node.mjs';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

// Runs in the page. Text that is cut off, things that stick out; what may scroll in itself is left alone.
function misfits() {
	const found = [], wide = document.documentElement.clientWidth;
	if (document.documentElement.scrollWidth > wide)
		found.push(`the page is ${document.documentElement.scrollWidth} wide, the window ${wide}`);
	for (const e of document.querySelectorAll('body *')) {
		if (e.closest('.scroll, .hidden, .skip, svg, pre, noscript, option') || !e.checkVisibility())
			continue;
		const box = e.getBoundingClientRect(), style = getComputedStyle(e);
		const what = `${e.tagName.toLowerCase()}.${String(e.className)} "${(e.textContent || '').trim().slice(0, 40)}"`;
		if (box.width > 0 && (box.right > wide + 1 || box.left < -1))
			found.push(`sticks out: ${what} ${Math.round(box.left)}..${Math.round(box.right)}`);
		const cuts = style.overflowX !== 'visible' && style.overflowX !== 'auto' && style.overflowX !== 'scroll';
		if (cuts && e.scrollWidth > e.clientWidth + 1 && style.textOverflow !== 'ellipsis' && !['INPUT', 'TEXTAREA', 'SELECT'].includes(e.tagName) && e.textContent.trim())
			found.push(`cut off: ${what}`);
		const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim());
		if (own && style.overflowX === 'visible' && e.scrollWidth > e.clientWidth + 2 && style.display !== 'inline' && e.clientWidth > 0)
			found.push(`text wider than its box: ${what}`);
	}
	return found.slice(0, 8);
}

export async function look(page, name) {
	// No policy of the page is bent for the test: the script is run by the debugger, not by the page.
	const faults = await page.evaluate(`(async () => { ${axe}; const r = await axe.run(document, { resultTypes: ['violations'] });
		return r.violations.map((v) => v.id + ': ' + v.nodes.slice(0, 3).map((n) => n.target.join(' ') + ' ' + (n.any[0] ? n.any[0].message : '')).join(' | ')); })()`);
	const odd = await page.evaluate(misfits);
	const ran = await page.evaluate('window.ran !== undefined');
	await page.screenshot({ path: join(pictures, `${name}.png`), fullPage: true });
	return [...faults, ...odd, ...(ran ? ['a script in a text ran'] : []), ...page.wrong.splice(0)];
}
