// A QR code as a picture of its own.
import qrcode from 'qrcode-generator';
import { html } from './ui.js';

export function Qr({ text, label }) {
	const q = qrcode(0, 'M');
	q.addData(text);
	q.make();
	const n = q.getModuleCount(), parts = [];
	for (let y = 0; y < n; y++)
		for (let x = 0; x < n; x++)
			if (q.isDark(y, x))
				parts.push(`M${x + 4} ${y + 4}h1v1h-1z`);
	return html`<svg class="qr" viewBox=${`0 0 ${n + 8} ${n + 8}`} role="img" aria-label=${label}><rect width=${n + 8} height=${n + 8} fill="#fff" /><path d=${parts.join('')} fill="#000" /></svg>`;
}
