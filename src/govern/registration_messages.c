/* Words of title registration, zh and en, with the article that each comes from. */
#include "govern/registration_messages.h"

// clang-format off
const struct registration_word registration_kinds[] = {
	{"initial", "初次登记", "initial registration", "32"},
	{"transfer", "转让登记", "transfer", "33"},
	{"change", "变更登记", "change", "34"},
	{"renewal", "续期登记", "renewal", "36"},
	{"cancel", "注销登记", "cancellation", "37"},
	{NULL, NULL, NULL, NULL},
};

const struct registration_word registration_grounds[] = {
	{"security", "危害国家安全、公共利益或者侵害他人合法权益", "against security, the public interest or the rights of others", "22"},
	{"unlawful-source", "数据来源不合法", "the data were not obtained lawfully", "22"},
	{"dispute", "存在尚未解决的权属争议", "a dispute about the title is not settled", "22"},
	{"false-proof", "隐瞒真实情况或者提供虚假材料", "facts were concealed or proof is false", "22"},
	{"other", "其他不予登记的情形", "another ground", "22"},
	{NULL, NULL, NULL, NULL},
};

const struct registration_word registration_rights_words[] = {
	{"hold", "数据持有权", "right to hold", "3"},
	{"use", "数据使用权", "right to use", "3"},
	{"operate", "数据经营权", "right to operate", "3"},
	{NULL, NULL, NULL, NULL},
};

const struct registration_word registration_remark_kinds[] = {
	{"terms", "合同约定的期限或者条件", "term or conditions by contract", "23"},
	{"seizure", "司法查封、冻结", "seizure", "23"},
	{"restriction", "行政机关依法限制", "restriction by an authority", "23"},
	{NULL, NULL, NULL, NULL},
};

const struct registration_word registration_clock_words[] = {
	{"accept", "受理期限", "acceptance", "17"},
	{"correct", "补正期限", "corrections", "17"},
	{"supplement", "补充材料期限", "supplement", "28"},
	{"finish", "办结期限", "completion", "28"},
	{"publicity", "公示期", "publicity", "24"},
	{"investigate", "异议核查期限", "investigation of the objection", "25"},
	{"notify", "告知登记主体期限", "telling the registrant of the objection", "29"},
	{"renew", "续期申请截止", "last day to apply for renewal", "36"},
	{"lapse", "凭证有效期截止", "end of validity", "26"},
	{NULL, NULL, NULL, NULL},
};

const struct registration_word registration_state_words[] = {
	{"none", "无", "none", "14"},
	{"sent", "已提交", "sent", "14"},
	{"applied", "待受理", "applied", "16"},
	{"returned", "待补正", "returned for correction", "17"},
	{"accepted", "已受理", "accepted", "17"},
	{"supplement", "待补充材料", "a supplement is awaited", "28"},
	{"reviewed", "已审查", "reviewed", "18"},
	{"publicity", "公示中", "in publicity", "24"},
	{"objected", "异议核查中", "an objection is investigated", "25"},
	{"cleared", "公示无异议", "cleared", "25"},
	{"deposited", "已存证", "evidence deposited", "26"},
	{"registered", "已登记", "registered", "26"},
	{"contested", "登记后异议处理中", "objected to after registration", "29"},
	{"closed", "已办结", "closed", "37"},
	{"refused", "不予登记", "refused", "22"},
	{"not-applied", "视为未申请", "counts as never applied", "17"},
	{"withdrawn", "已撤回", "withdrawn", "16"},
	{"lapsed", "凭证已失效", "lapsed", "36"},
	{"superseded", "已被后续登记取代", "superseded by a later registration", "33"},
	{"cancelled", "已注销", "cancelled", "37"},
	{NULL, NULL, NULL, NULL},
};
// clang-format on

const struct registration_word *registration_word(
	const struct registration_word *list, struct str id)
{
	for (; list->id != NULL; list++) {
		if (str_is(id, list->id))
			return list;
	}
	return NULL;
}
