#include "proof/verdict.h"

#include <assert.h>

static const char *const messages[SAY_COUNT][VERDICT_LANGUAGES] = {
	[SAY_CLAIMED] = {"claimed", "单方出具"},
	[SAY_DELIVERED] = {"delivered", "已交付"},
	[SAY_ACCEPTED] = {"accepted", "已确认"},
	[SAY_RECORDED] = {"recorded", "双方已存证"},
	[SAY_MEANS_CLAIMED] = {"the provider alone states that it delivered this data",
		"仅提供方声明已交付该数据"},
	[SAY_MEANS_DELIVERED] =
		{"the provider states that it delivered this data, and the consumer "
		 "has signed for it",
			"提供方声明已交付该数据,使用方已签收"},
	[SAY_MEANS_ACCEPTED] = {"provider and consumer have both signed this data invoice",
		"提供方与使用方均已签署本数据发票"},
	[SAY_MEANS_RECORDED] = {"provider and consumer have both signed this data invoice, and the "
				"logs of both hold it",
		"提供方与使用方均已签署本数据发票,且双方存证链均已收录"},
	[SAY_AS_OF] = {"as of", "截至"},
	[SAY_CHECK_FILE] = {"canonical file", "文件格式"},
	[SAY_CHECK_SIGNATURES] = {"signatures", "签名"},
	[SAY_CHECK_DIGESTS] = {"digests", "摘要链"},
	[SAY_CHECK_CONTENT] = {"price, object and ranges", "价款、数据与范围"},
	[SAY_CHECK_ISSUE] = {"proof of issue", "出具存证"},
	[SAY_CHECK_ACCEPT] = {"proof of acceptance", "确认存证"},
	[SAY_CHECK_LATER] = {"what came later", "后续凭证"},
	[SAY_CHECK_KEYS] = {"keys", "密钥"},
	[SAY_CHECK_OBJECT] = {"object", "数据文件"},
	[SAY_REFUSED] = {"NOT PROVED", "验证不通过"},
	[SAY_CORRECTED] = {"corrected", "已更正"},
	[SAY_VOID] = {"void", "撤销凭证"},
	[SAY_DISPUTED] = {"disputed", "有争议"},
	[SAY_WITHDRAWN] = {"withdrawn", "已撤回"},
	[SAY_CONTESTED] = {"contested", "有异议"},
	[SAY_SIMULATED] = {"SIMULATED, of no effect", "模拟（SIMULATED），不具任何效力"},
	[SAY_SERIAL] = {"serial", "凭证编号"},
	[SAY_PROVIDER] = {"provider", "提供方"},
	[SAY_CONSUMER] = {"consumer", "使用方"},
	[SAY_PRODUCT] = {"product", "数据产品"},
	[SAY_AMOUNT] = {"net + tax, CNY", "价款 + 税额(元)"},
	[SAY_DUE] = {"now due, net + tax, CNY", "更正后价款 + 税额(元)"},
	[SAY_REASON] = {"reason given", "所述理由"},
	[SAY_REPLACED] = {"its place is taken by the invoice with the digest",
		"已由以下摘要的凭证替代"},
	[SAY_NO_RECEIPT] = {"no receipt: that the data arrived is not proved",
		"无收据:未证明数据已送达"},
	[SAY_UNSIGNED] = {"the buyer has not signed this invoice", "使用方未签署本凭证"},
	[SAY_HEAD] = {"as of head, log, time by that log's clock",
		"截至存证头、存证链、时间(以该链时钟为准)"},
	[SAY_NAMED] = {"entries named, not shown", "仅列明、未出示的存证"},
	[SAY_LATER] = {"a later correction or void is not excluded", "不排除其后有更正或撤销"},
	[SAY_KEYS] =
		{"consistent; the keys are those the file states; who holds them is not proved",
			"内容一致;密钥为文件所载,其持有人身份未经证明"},
	[SAY_STATUS] = {"status as signed for, state, time, log", "签名确认的状态、时间、存证链"},
	[SAY_TRUSTED] = {"the keys are those of the list given", "密钥与所给清单一致"},
	[SAY_OBJECT] = {"the file given is the object of this invoice",
		"所给文件即本凭证的数据文件"},
	[SAY_INDEPENDENCE] = {"independence of the parties, and times without an outside witness, "
			      "are not proved",
		"未证明双方相互独立;无外部见证的时间未经证明"},
	[SAY_NO_TAX] =
		{"This is no tax invoice and must not be used for deduction or reimbursement.",
			"本凭证不是税务发票,不得用于抵扣、税前扣除或报销。"},
	[SAY_UNMET] = {"does not meet what is required", "未达到要求的级别"},
};

/* What kind of thing is wrong; the detail beside it names members and keys, which have no translation. */
static const struct {
	err code;
	const char *said;
} faults[] = {
	{ERR_MALFORMED, "格式无法读取或不规范"},
	{ERR_UNKNOWN_MEMBER, "含有不应有的字段"},
	{ERR_MISSING_MEMBER, "缺少必需的字段"},
	{ERR_BAD_VALUE, "字段的值不符合规定"},
	{ERR_BAD_SIGNATURE, "签名不成立"},
	{ERR_BAD_PROOF, "存证证明不成立"},
	{ERR_BAD_DIGEST, "摘要与内容不一致"},
	{ERR_TOO_LARGE, "超出大小限制"},
	{ERR_EVIDENCE_MISSING, "缺少存证"},
	{ERR_NOT_FOUND, "所给清单中没有该密钥"},
};

const char *verdict_fault_zh(err code)
{
	for (size_t i = 0; i < countof(faults); i++) {
		if (faults[i].code == code)
			return faults[i].said;
	}
	return "不符合要求";
}

const char *verdict_say(enum verdict_language l, enum verdict_message m)
{
	assert(l < VERDICT_LANGUAGES && m < SAY_COUNT && messages[m][l] != NULL);
	return messages[m][l];
}
