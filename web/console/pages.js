// The pages, in the order of the menu. A page is a file that exports [what the name alone shows, what `name/id` shows] and a line here:
// its name in the address (its word in the menu is the word of that name in words.js), how it is loaded, and what of may.js lets a person
// see it in the menu. A page is loaded when it is first gone to; what only it says can stand in its file (words.js, say).
import { Home } from './home.js';

export const pages = {
	'': { at: [Home], menu: 'home' },
	publish: { load: () => import('./publish.js'), menu: 'publish', needs: 'publish' },
	products: { load: () => import('./product.js'), menu: 'products' },
	partners: { load: () => import('./partners.js'), menu: 'partners' },
	orders: { load: () => import('./order.js'), under: 'contracts' },
	contracts: { load: () => import('./contract.js'), menu: 'contracts' },
	deliveries: { load: () => import('./delivery.js'), menu: 'deliveries' },
	invoices: { load: () => import('./invoice.js'), menu: 'invoices' },
	evidence: { load: () => import('./evidence.js'), menu: 'evidence' },
	people: { load: () => import('./people.js'), menu: 'people', needs: 'people' },
	settings: { load: () => import('./settings.js'), menu: 'settings', needs: 'policy' },
};
