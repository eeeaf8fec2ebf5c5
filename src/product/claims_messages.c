/* Labels and words of papers, in both languages. Of two labels that a name ends with the longer one counts. */
#include "base/err.h"
#include "product/claims_parts.h"

// clang-format off
const struct claim_label claim_labels[] = {
	{"被授权方统一社会信用代码", "agent_uscc", SAYS_CODE}, {"权利人统一社会信用代码", "holder_uscc", SAYS_CODE},
	{"统一社会信用代码", NULL, SAYS_CODE}, {"信用代码", NULL, SAYS_CODE}, {"unified social credit code", NULL, SAYS_CODE},
	{"被授权方", NULL, SAYS_GRANTEE}, {"被许可方", NULL, SAYS_GRANTEE}, {"受托方", NULL, SAYS_GRANTEE}, {"受让方", NULL, SAYS_GRANTEE}, {"代理人", NULL, SAYS_GRANTEE},
	{"运营单位", NULL, SAYS_GRANTEE}, {"运营机构", NULL, SAYS_GRANTEE}, {"运营方", NULL, SAYS_GRANTEE}, {"数据接收方", NULL, SAYS_GRANTEE}, {"入驻方", NULL, SAYS_GRANTEE}, {"乙方", NULL, SAYS_GRANTEE}, {"licensee", NULL, SAYS_GRANTEE}, {"agent", NULL, SAYS_GRANTEE},
	{"授权方", NULL, SAYS_GRANTOR}, {"许可方", NULL, SAYS_GRANTOR}, {"委托方", NULL, SAYS_GRANTOR}, {"甲方", NULL, SAYS_GRANTOR}, {"权利人", NULL, SAYS_GRANTOR}, {"持有人", NULL, SAYS_GRANTOR},
	{"权利主体", NULL, SAYS_GRANTOR}, {"登记主体", NULL, SAYS_GRANTOR}, {"数据提供方", NULL, SAYS_GRANTOR}, {"持证主体", NULL, SAYS_GRANTOR}, {"企业名称", NULL, SAYS_GRANTOR}, {"名称", NULL, SAYS_GRANTOR}, {"licensor", NULL, SAYS_GRANTOR}, {"holder", NULL, SAYS_GRANTOR},
	{"登记状态", "status", SAYS_STATUS}, {"经营状态", "status", SAYS_STATUS}, {"企业状态", "status", SAYS_STATUS}, {"存续状态", "status", SAYS_STATUS},
	{"失信或严重违法名单", "illegal_listed", SAYS_YES}, {"列入严重失信主体名单", "illegal_listed", SAYS_YES}, {"列入失信名单", "illegal_listed", SAYS_YES}, {"严重违法失信", "illegal_listed", SAYS_YES},
	{"授权权利", "rights", SAYS_RIGHTS}, {"许可权利", "rights", SAYS_RIGHTS}, {"权利类型", "rights", SAYS_RIGHTS}, {"权利范围", "rights", SAYS_RIGHTS}, {"授予权利", "rights", SAYS_RIGHTS}, {"登记权利", "rights", SAYS_RIGHTS}, {"权利内容", "rights", SAYS_RIGHTS}, {"授权内容", "rights", SAYS_RIGHTS}, {"rights", "rights", SAYS_RIGHTS},
	{"授权地域", "territory", SAYS_LIST}, {"许可地域", "territory", SAYS_LIST}, {"使用地域", "territory", SAYS_LIST}, {"地域范围", "territory", SAYS_LIST}, {"territory", "territory", SAYS_LIST},
	{"有效期至", "to", SAYS_DAY}, {"截止日期", "to", SAYS_DAY}, {"到期日", "to", SAYS_DAY}, {"valid to", "to", SAYS_DAY}, {"valid from", "from", SAYS_DAY},
	{"授权期限", NULL, SAYS_PERIOD}, {"许可期限", NULL, SAYS_PERIOD}, {"合同期限", NULL, SAYS_PERIOD}, {"有效期限", NULL, SAYS_PERIOD}, {"有效期", NULL, SAYS_PERIOD}, {"经营期限", NULL, SAYS_PERIOD}, {"运营期限", NULL, SAYS_PERIOD}, {"委托期限", NULL, SAYS_PERIOD}, {"营业期限", NULL, SAYS_PERIOD}, {"term", NULL, SAYS_PERIOD},
	{"采集期间", "period", SAYS_COVERS}, {"采集时间", "period", SAYS_COVERS}, {"采集时段", "period", SAYS_COVERS}, {"收集期间", "period", SAYS_COVERS}, {"收集时间", "period", SAYS_COVERS},
	{"爬虫协议", "robots", SAYS_ROBOTS}, {"robots协议", "robots", SAYS_ROBOTS}, {"robots.txt", "robots", SAYS_ROBOTS}, {"robots 记录", "robots", SAYS_ROBOTS}, {"robots", "robots", SAYS_ROBOTS},
	{"测试结论", "passed", SAYS_PASSED}, {"测试结果", "passed", SAYS_PASSED}, {"评估结论", "passed", SAYS_PASSED}, {"评估结果", "passed", SAYS_PASSED}, {"结论", "passed", SAYS_PASSED}, {"审查意见", "passed", SAYS_PASSED}, {"意见", "passed", SAYS_PASSED}, {"conclusion", "passed", SAYS_PASSED},
	{"数据级别", "level", SAYS_LEVEL}, {"定级结果", "level", SAYS_LEVEL}, {"级别", "level", SAYS_LEVEL},
	{"数据名称", "parents", SAYS_LIST}, {"授权数据", "parents", SAYS_LIST}, {"共同参与方", "parties", SAYS_LIST}, {"参与方", "parties", SAYS_LIST}, {"共同签署", "parties", SAYS_LIST},
	{"同意内容", "rights", SAYS_RIGHTS}, {"同意事项", "rights", SAYS_RIGHTS}, {"同意权利", "rights", SAYS_RIGHTS}, {"受益方", NULL, SAYS_GRANTEE}, {"经营方", NULL, SAYS_GRANTEE}, {"被授权人", NULL, SAYS_GRANTEE},
	{"是否允许衍生", "derivation", SAYS_YES}, {"加工衍生", "derivation", SAYS_YES}, {"是否公开", "public_at_time", SAYS_YES}, {"收集时是否公开", "public_at_time", SAYS_YES}, {"数据公开状态", "public_at_time", SAYS_YES},
	{"是否绕过技术措施", "bypassed", SAYS_YES}, {"绕过技术保护措施", "bypassed", SAYS_YES}, {"是否突破访问限制", "bypassed", SAYS_YES},
	{"是否实质替代原产品", "substitutes", SAYS_YES}, {"是否替代来源产品", "substitutes", SAYS_YES}, {"授权运营期限", NULL, SAYS_PERIOD}, {"运营期限", NULL, SAYS_PERIOD}, {"委托期限", NULL, SAYS_PERIOD},
	{"平台登记号", "registration", SAYS_TEXT}, {"公共数据资源登记号", "registration", SAYS_TEXT},
	{"再许可", "sublicense", SAYS_YES}, {"转授权", "sublicense", SAYS_YES}, {"sublicense", "sublicense", SAYS_YES},
	{"授权用途", "purposes", SAYS_LIST}, {"同意用途", "purposes", SAYS_LIST}, {"处理目的", "purposes", SAYS_LIST}, {"同意目的", "purposes", SAYS_LIST}, {"使用目的", "purposes", SAYS_LIST}, {"用途", "purposes", SAYS_LIST}, {"purposes", "purposes", SAYS_LIST},
	{"允许衍生", "derivation", SAYS_YES}, {"衍生开发", "derivation", SAYS_YES}, {"derivation", "derivation", SAYS_YES},
	{"上游数据", "parents", SAYS_LIST}, {"授权数据", "parents", SAYS_LIST}, {"许可数据", "parents", SAYS_LIST}, {"licensed data", "parents", SAYS_LIST},
	{"共同参与方", "parties", SAYS_LIST}, {"签署方", "parties", SAYS_LIST}, {"同意方", "parties", SAYS_LIST}, {"signed by", "parties", SAYS_LIST},
	{"受托方权利", "grants_rights", SAYS_YES}, {"受托方享有权利", "grants_rights", SAYS_YES}, {"grants rights", "grants_rights", SAYS_YES},
	{"采集系统", "system", SAYS_TEXT}, {"采集方式", "system", SAYS_TEXT}, {"采集设备", "system", SAYS_TEXT}, {"system", "system", SAYS_TEXT},
	{"period", "period", SAYS_TEXT},
	{"告知文本", "notice", SAYS_TEXT}, {"告知方式", "notice", SAYS_TEXT}, {"告知情况", "notice", SAYS_TEXT}, {"告知内容", "notice", SAYS_TEXT}, {"notice", "notice", SAYS_TEXT},
	{"收集时公开", "public_at_time", SAYS_YES}, {"收集时是否公开", "public_at_time", SAYS_YES}, {"是否公开", "public_at_time", SAYS_YES}, {"公开状态", "public_at_time", SAYS_YES}, {"public", "public_at_time", SAYS_YES},
	{"绕过技术保护措施", "bypassed", SAYS_YES}, {"突破访问限制", "bypassed", SAYS_YES}, {"绕过技术措施", "bypassed", SAYS_YES}, {"绕过访问控制", "bypassed", SAYS_YES}, {"bypassed", "bypassed", SAYS_YES},
	{"robots协议", "robots", SAYS_TEXT}, {"robots.txt", "robots", SAYS_TEXT}, 
	{"替代原产品", "substitutes", SAYS_YES}, {"替代来源产品", "substitutes", SAYS_YES}, {"实质性替代", "substitutes", SAYS_YES}, {"substitutes", "substitutes", SAYS_YES},
	{"凭证编码", "code", SAYS_TEXT}, {"凭证编号", "code", SAYS_TEXT}, {"证书编号", "code", SAYS_TEXT}, {"登记编码", "code", SAYS_TEXT}, {"证书编码", "code", SAYS_TEXT}, {"certificate code", "code", SAYS_TEXT},
	{"成果归属", NULL, SAYS_SENTENCE}, {"成果权利", NULL, SAYS_SENTENCE}, {"权利归属", NULL, SAYS_SENTENCE},
	{"登记编号", "registration", SAYS_TEXT}, {"登记号", "registration", SAYS_TEXT}, {"公共数据登记编号", "registration", SAYS_TEXT}, {"平台登记编号", "registration", SAYS_TEXT}, {"registration", "registration", SAYS_TEXT},
	{"合同编号", "number", SAYS_TEXT}, {"报告编号", "number", SAYS_TEXT}, {"评估编号", "number", SAYS_TEXT}, {"文号", "number", SAYS_TEXT}, {"编号", "number", SAYS_TEXT}, {"number", "number", SAYS_TEXT},
	{"清单版本", "version", SAYS_TEXT}, {"版本", "version", SAYS_TEXT}, {"version", "version", SAYS_TEXT},
	{"出具机构", "issuer", SAYS_TEXT}, {"发证机关", "issuer", SAYS_TEXT}, {"登记机关", "issuer", SAYS_TEXT}, {"出具人", "issuer", SAYS_TEXT}, {"issuer", "issuer", SAYS_TEXT},
	{"出具日期", "issued", SAYS_DAY}, {"报告日期", "issued", SAYS_DAY}, {"评估时间", "issued", SAYS_DAY}, {"完成日期", "issued", SAYS_DAY}, {"评价日期", "issued", SAYS_DAY}, {"检测日期", "issued", SAYS_DAY}, {"查询日期", "issued", SAYS_DAY}, {"测试日期", "issued", SAYS_DAY}, {"同意日期", "issued", SAYS_DAY}, {"签署时间", "issued", SAYS_DAY}, {"评估日期", "issued", SAYS_DAY}, {"签署日期", "issued", SAYS_DAY}, {"签订日期", "issued", SAYS_DAY}, {"发证日期", "issued", SAYS_DAY}, {"issued", "issued", SAYS_DAY},
	{"匿名化方法", "method", SAYS_TEXT}, {"处理方法", "method", SAYS_TEXT}, {"脱敏方法", "method", SAYS_TEXT}, {"测试方法", "method", SAYS_TEXT}, {"method", "method", SAYS_TEXT},
	{"k匿名参数", "k", SAYS_COUNT}, {"k值", "k", SAYS_COUNT}, {"k 值", "k", SAYS_COUNT}, {"匿名参数", "k", SAYS_COUNT}, {"参数", "k", SAYS_COUNT}, {"k 值", "k", SAYS_COUNT}, {"k-anonymity", "k", SAYS_COUNT},
	{"指标数", "indicators", SAYS_COUNT}, {"评价指标数", "indicators", SAYS_COUNT}, {"indicators", "indicators", SAYS_COUNT},
};

/* Sentences that say it without a label. */
const struct claim_sentence claim_sentences[] = {
	{"不得再许可", "sublicense", false}, {"不得转授权", "sublicense", false}, {"不得向第三方再许可", "sublicense", false}, {"禁止转授权", "sublicense", false}, {"不得分许可", "sublicense", false},
	{"可以再许可", "sublicense", true}, {"可再许可", "sublicense", true}, {"有权转授权", "sublicense", true}, {"允许转授权", "sublicense", true},
	{"不得衍生", "derivation", false}, {"可以衍生", "derivation", true}, {"有权进行衍生", "derivation", true},
	{"有权将上述权利再许可", "sublicense", true}, {"不得将上述权利再许可", "sublicense", false}, {"可以在其数据产品中再许可", "sublicense", true}, {"有权再许可", "sublicense", true},
	{"归受托方", "grants_rights", true}, {"归乙方", "grants_rights", true}, {"归委托方", "grants_rights", false}, {"归甲方", "grants_rights", false}, {"委托方享有全部", "grants_rights", false},
	{"均向公众公开", "public_at_time", true}, {"须登录后", "public_at_time", false},
	{"可以转授权", "sublicense", true}, {"可以对上述数据进行加工", "derivation", true}, {"不得对上述数据进行加工", "derivation", false}, {"绕过了", "bypassed", true}, {"未绕过任何", "bypassed", false},
	{"可以替代", "substitutes", true}, {"不构成对来源产品的实质性替代", "substitutes", false}, {"并遵守 robots", "robots_allowed", true}, {"未予遵守", "robots_allowed", false}, {"不同意", "passed", false},
	{"受托方不享有", "grants_rights", false}, {"乙方不享有数据权益", "grants_rights", false}, {"受托方享有", "grants_rights", true},
};

const struct claim_phrase claim_phrases[] = {
	{"通过", "自行采集", "system", SAYS_TEXT}, {"通过", "采集", "system", SAYS_TEXT},
	{"授予乙方", NULL, "rights", SAYS_RIGHTS}, {"授予被许可方", NULL, "rights", SAYS_RIGHTS}, {"将", "授予乙方", "rights", SAYS_RIGHTS}, {"将", "授予被许可方", "rights", SAYS_RIGHTS},
	{"地域范围为", NULL, "territory", SAYS_LIST}, {"可以在", "范围内", "territory", SAYS_LIST}, {"可在", "范围内", "territory", SAYS_LIST},
	{"评估于", "完成", "issued", SAYS_DAY}, {"期限为", NULL, NULL, SAYS_PERIOD}, {"期限自", NULL, NULL, SAYS_PERIOD}, {"有效期自", NULL, NULL, SAYS_PERIOD}, {"有效期为", NULL, NULL, SAYS_PERIOD},
	{"用于", NULL, "purposes", SAYS_LIST}, {"授予被授权方", NULL, "rights", SAYS_RIGHTS}, {"行使融合数据的", NULL, "rights", SAYS_RIGHTS}, {"期限", NULL, NULL, SAYS_PERIOD}, {"有效期", NULL, NULL, SAYS_PERIOD},
};

const struct claim_right claim_rights[] = {
	{"持有", "hold"}, {"使用", "use"}, {"经营", "operate"}, {"hold", "hold"}, {"use", "use"}, {"operate", "operate"}};

const char *const claim_negations[] = {"登录后", "不", "否", "未", "无", "禁止", "no", "false", "没有", NULL};
const char *const claim_affirmations[] = {"是", "有", "可", "允许", "公开", "同意", "享有", "构成", "存在", "yes", "true", "列入", NULL};
const char *const claim_open_ended[] = {"长期", "永久", "无固定期限", "indefinite", NULL};
const char *const claim_numerals[] = {"零", "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", NULL};
const char *const claim_bad[] = {"不", "未通过", "未遵守", "未予", "禁止", "可重识别", "refused", "failed", NULL};
const char *const claim_good[] = {"通过", "合格", "同意", "可控", "低风险", "遵守", "允许", "passed", "agreed", NULL};
const char *const claim_levels[] = {"一般", "重要", "核心", NULL};
const char *const claim_there[] = {"存续", "在营", "在业", "开业", "在册", NULL};
const char *const claim_ended[] = {"吊销", "注销", "撤销", "停业", "迁出", "清算", NULL};
const char *const claim_separators[] = {"、", "，", "；", ",", ";", NULL};
const char *const claim_denials[] = {"不含", "不包括", "不享有", NULL};
const char *const claim_marks[MARKS] = {"年", "月", "：", "（", "。", "自", "起"};
// clang-format on
const size_t claim_labels_n = countof(claim_labels), claim_sentences_n = countof(claim_sentences),
	     claim_rights_n = countof(claim_rights), claim_phrases_n = countof(claim_phrases);
