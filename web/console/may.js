// Who may do what, as the routes say (a test compares this with `shugu api`): a button that would be refused is not shown.
import { session } from './api.js';

export const rules = {
	publish: ['POST /api/v1/products', 'owner operator'],
	withdraw: ['POST /api/v1/products/{product}/withdraw', 'owner operator'],
	dossier: ['POST /api/v1/products/{product}/dossier.xlsx', 'owner operator'],
	share: ['POST /api/v1/shares', 'owner operator'],
	unshare: ['POST /api/v1/shares/{share}/revoke', 'owner operator'],
	approve: ['POST /api/v1/inbox/{id}/approve', 'owner reviewer finance'],
	refuse: ['POST /api/v1/inbox/{id}/refuse', 'owner reviewer finance'],
	invite: ['POST /api/v1/invitations', 'owner operator'],
	join: ['POST /api/v1/parties', 'owner operator'],
	part: ['POST /api/v1/parties/{party}/withdraw', 'owner operator'],
	catalog: ['POST /api/v1/catalogs', 'owner operator'],
	order: ['POST /api/v1/orders', 'owner operator'],
	deliver: ['POST /api/v1/deliveries', 'owner operator'],
	suspend: ['POST /api/v1/deliveries/{delivery}/suspend', 'owner operator'],
	resume: ['POST /api/v1/deliveries/{delivery}/resume', 'owner operator'],
	end: ['POST /api/v1/deliveries/{delivery}/terminate', 'owner operator'],
	terminate: ['POST /api/v1/agreements/{id}/terminate', 'owner operator'],
	correct: ['POST /api/v1/invoices/{invoice}/correct', 'owner finance'],
	void: ['POST /api/v1/invoices/{invoice}/void', 'owner finance'],
	dispute: ['POST /api/v1/invoices/{invoice}/dispute', 'owner finance'],
	anchor: ['POST /api/v1/evidence', 'owner operator'],
	attach: ['POST /api/v1/agreements/{id}/attachments', 'owner operator reviewer finance'],
	policy: ['POST /api/v1/agreement-policy', 'owner'],
	people: ['POST /api/v1/people', 'owner'],
};

// Who comes by a token and not by a session has no role, and may all that the operator may.
export function may(what) {
	const { role } = session.value || {};
	return !role || rules[what][1].split(' ').includes(role);
}
