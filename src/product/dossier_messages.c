/* The fields of a dossier, in both languages: those of the national registration form (数据产权登记工作指引 附件1) and of the venues'
 * 可交易数据产品说明书, and what else a rule asks for. */
#include "product/dossier.h"

static const char *const frequencies[] = {"once", "realtime", "hourly", "daily", "weekly",
	"monthly", "quarterly", "yearly", "on-demand", NULL};
static const char *const sources[] = {
	"collected", "agreement", "crawled", "derived", "authorised", NULL};
static const char *const yes_no[] = {"yes", "no", NULL};
static const char *const forms[] = {"table", "text", "image", "audio", "video", "other", NULL};
static const char *const levels[] = {"general", "important", "core", NULL};
static const char *const harmed[] = {"national-security", "economy", "social-order",
	"public-interest", "organisation", "individual", NULL};
static const char *const degrees[] = {"general", "serious", "grave", NULL};
static const char *const bases[] = {"consent", "contract", "legal_duty", "emergency",
	"public_interest", "published", "other_law", "none", NULL};
static const char *const modes[] = {
	"negotiated", "listed", "auction", "per_use", "subscription", "free", NULL};
static const char *const delivery_levels[] = {"s1", "s2", "s3", "s4", NULL};
static const char *const roles[] = {"data_merchant", "supplier", NULL};
static const char *const applicants[] = {"legal-person", "natural-person", "unincorporated", NULL};

// clang-format off
const struct dossier_field dossier_fields[] = {
	{"description", "简介", "Description", "数据内容、字段含义、主要用途，不超过四百字", "what the data say, their fields, what they are good for; at most 400 characters", NULL, true, DOSSIER_TEXT, NULL, "basic"},
	{"source", "来源类型", "Source", "采集生成 collected，协议取得 agreement，自动化程序收集公开数据 crawled，衍生创造 derived，公共数据授权运营 authorised", "how the data were obtained", sources, true, DOSSIER_CHOICE, "source.type", "origin"},
	{"industry", "所属行业", "Industry", "按 GB/T 4754 门类与大类，如：气象、交通、金融", "by GB/T 4754, for example weather, transport, finance", NULL, true, DOSSIER_TEXT, NULL, "basic"},
	{"region", "覆盖地域", "Region", "如：浙江省杭州市", "the area that the data cover", NULL, true, DOSSIER_TEXT, NULL, "basic"},
	{"period", "时间范围", "Period", "如：2012-01-01 至 2015-12-31", "for example 2012-01-01 to 2015-12-31", NULL, true, DOSSIER_PERIOD, "declared.first_day\0declared.last_day", "basic"},
	{"frequency", "更新频率", "Updates", "一次性 once，实时 realtime，每小时 hourly，每日 daily，每周 weekly，每月 monthly，每季 quarterly，每年 yearly，按需 on-demand", "how often there is a new version", frequencies, true, DOSSIER_TEXT, NULL, "basic"},
	{"rights", "权利说明", "Rights", "拟登记或流通的权利（持有权、使用权、经营权）及其依据", "the rights on offer (hold, use, operate) and on what they rest", NULL, true, DOSSIER_RIGHTS, "rights", "origin"},
	{"restrictions", "使用限制", "Restrictions", "法律、合同或隐私方面的限制；没有则写“无”", "of law, contract or privacy; none: write none", NULL, false, DOSSIER_TEXT, "use.restrictions", "use"},
	{"form", "数据形态", "Form", "表格 table，文本 text，图片 image，音频 audio，视频 video，其他 other", "the form of the data", forms, false, DOSSIER_TEXT, NULL, "basic"},
	{"rows", "数据量（行）", "Rows", "声明的行数", "declared number of rows", NULL, false, DOSSIER_COUNT, "declared.rows", "basic"},
	{"columns", "字段数", "Columns", "声明的字段数", "declared number of columns", NULL, false, DOSSIER_COUNT, "declared.columns", "basic"},
	{"derived_product", "不替代来源产品", "Derived product", "是否为未实质替代来源产品的衍生产品", "whether it is a derived product that does not replace its source", yes_no, false, DOSSIER_YES, "source.derived_product", "origin"},
	{"parents", "上游数据", "Parents", "衍生自哪些数据，用顿号分开", "the data it was derived from, parted by commas", NULL, false, DOSSIER_LIST, "source.parents", "origin"},
	{"entrusted", "受托处理所得", "Entrusted", "是否为他人委托处理所得", "whether it was processed for somebody else", yes_no, false, DOSSIER_YES, "source.entrusted", "origin"},
	{"joint", "多方融合所得", "Joint", "是否与他人共同形成", "whether it was made jointly", yes_no, false, DOSSIER_YES, "source.joint", "origin"},
	{"participants", "共同参与方", "Participants", "参与方名称，用顿号分开", "the participants, parted by commas", NULL, false, DOSSIER_LIST, "source.participants", "origin"},
	{"raw_government", "党政机关原始数据", "Raw public data", "是否为党政机关的原始数据", "whether it is raw data of a public authority", yes_no, false, DOSSIER_YES, "source.raw_government", "origin"},
	{"disputed", "权属争议", "Dispute", "是否存在未决的权属争议", "whether a dispute about the title is open", yes_no, false, DOSSIER_YES, "title.disputed", "origin"},
	{"seized", "查封冻结", "Seizure", "是否被查封或冻结", "whether the right is seized", yes_no, false, DOSSIER_YES, "title.seized", "origin"},
	{"third_party", "含第三方权利", "Third parties", "是否含第三方作品、数据库或商业秘密", "whether it contains works, databases or secrets of others", yes_no, false, DOSSIER_YES, "ip.third_party", "origin"},
	{"purposes", "许可用途", "Purposes", "许可的用途，用顿号分开", "the permitted purposes, parted by commas", NULL, false, DOSSIER_LIST, "use.purposes", "use"},
	{"audience", "用户要求", "Users", "对使用者资质的要求；没有则写“无”", "what is asked of users; none: write none", NULL, false, DOSSIER_TEXT, "use.audience", "use"},
	{"use_period", "使用期限", "Period of use", "如：一年", "for example one year", NULL, false, DOSSIER_TEXT, "use.period", "use"},
	{"resale", "转售限制", "Resale", "如：不得转售", "for example no resale", NULL, false, DOSSIER_TEXT, "use.resale", "use"},
	{"territory", "使用地域", "Territory", "许可使用的地域，用顿号分开", "where it may be used, parted by commas", NULL, false, DOSSIER_LIST, "territory", "use"},
	{"offer_to", "提供截止日", "Offered until", "如：2027-12-31", "for example 2027-12-31", NULL, false, DOSSIER_DAY, "offer.to", "use"},
	{"training", "用于人工智能训练", "Training", "是否许可用于模型训练", "whether models may be trained on it", yes_no, false, DOSSIER_YES, "use.ai_training", "use"},
	{"mining_rights", "文本与数据挖掘权利", "Mining rights", "训练用途的权利基础", "on what the right to mine rests", NULL, false, DOSSIER_TEXT, "ip.tdm_rights", "use"},
	{"optouts", "尊重保留声明", "Opt-outs", "是否尊重权利人的保留声明", "whether opt-outs are honoured", yes_no, false, DOSSIER_YES, "ip.optouts_honoured", "use"},
	{"personal", "含个人信息", "Personal information", "是否含个人信息", "whether it contains personal information", yes_no, false, DOSSIER_YES, "pi.declared", "people"},
	{"sensitive", "含敏感个人信息", "Sensitive", "是否含敏感个人信息", "whether it contains sensitive personal information", yes_no, false, DOSSIER_YES, "pi.sensitive_declared", "people"},
	{"minors", "含未成年人信息", "Children", "是否含不满十四周岁未成年人的信息", "whether it concerns children under 14", yes_no, false, DOSSIER_YES, "pi.minors_declared", "people"},
	{"minors_removed", "已删除未成年人信息", "Children removed", "未成年人的记录是否已删除", "whether their records were removed", yes_no, false, DOSSIER_YES, "pi.minors_removed", "people"},
	{"anonymised", "已匿名化", "Anonymised", "是否已匿名化", "whether it is anonymised", yes_no, false, DOSSIER_YES, "pi.anonymised", "people"},
	{"lawful_basis", "合法性基础", "Lawful basis", "同意 consent，合同 contract，法定职责 legal_duty，紧急情况 emergency，公共利益 public_interest，已公开 published，其他 other_law，没有 none", "by article 13 of the law on personal information", bases, false, DOSSIER_CHOICE, "pi.lawful_basis", "people"},
	{"erasure_path", "撤回与删除", "Erasure", "撤回同意与删除请求如何通知下游", "how withdrawal and erasure reach those downstream", NULL, false, DOSSIER_TEXT, "pi.erasure_path", "people"},
	{"level", "数据级别", "Level", "一般 general，重要 important，核心 core", "general, important or core", levels, false, DOSSIER_CHOICE, "grade.level", "grade"},
	{"harmed", "影响对象", "Object of harm", "泄露或篡改会影响谁", "whom leaking or tampering would harm", harmed, false, DOSSIER_CHOICE, NULL, "grade"},
	{"harm", "影响程度", "Degree of harm", "一般 general，严重 serious，特别严重 grave", "general, serious or grave", degrees, false, DOSSIER_CHOICE, NULL, "grade"},
	{"export", "向境外提供", "Abroad", "是否向境外提供", "whether it goes abroad", yes_no, false, DOSSIER_YES, "export.planned", "export"},
	{"export_exempt", "免予申报", "Exempt", "是否属于免予申报的情形", "whether an exempt scenario applies", yes_no, false, DOSSIER_YES, "export.exempt", "export"},
	{"export_forbidden", "禁止出境条款", "Export forbidden", "使用条款是否禁止向境外提供", "whether the terms forbid taking it abroad", yes_no, false, DOSSIER_YES, "terms.forbid_export", "export"},
	{"export_people", "出境个人信息人数", "People abroad", "自当年1月1日起累计向境外提供的个人信息人数（不含敏感，含本次）", "people since 1 January, without sensitive ones, this included", NULL, false, DOSSIER_COUNT, "export.pi", "export"},
	{"export_sensitive", "出境敏感个人信息人数", "Sensitive abroad", "自当年1月1日起累计的敏感个人信息人数（含本次）", "people whose sensitive information went abroad since 1 January, this included", NULL, false, DOSSIER_COUNT, "export.sensitive", "export"},
	{"ciio", "关键信息基础设施运营者", "Critical infrastructure", "供方是否为关键信息基础设施运营者", "whether the seller operates critical information infrastructure", yes_no, false, DOSSIER_YES, "seller.ciio", "export"},
	{"ftz", "位于自贸试验区", "Free-trade zone", "供方是否位于自由贸易试验区", "whether the seller is in a free-trade pilot zone", yes_no, false, DOSSIER_YES, "seller.ftz", "export"},
	{"price_mode", "定价方式", "Pricing", "协议 negotiated，挂牌 listed，竞价 auction，按次 per_use，订阅 subscription，免费 free", "how the price is made", modes, false, DOSSIER_CHOICE, "price.mode", "price"},
	{"related", "关联交易", "Related parties", "买卖双方是否存在关联关系", "whether the parties are related", yes_no, false, DOSSIER_YES, "price.related_party", "price"},
	{"public_price_basis", "公共数据价格依据", "Basis of public price", "公共数据产品的价格依据", "on what the price of public data rests", NULL, false, DOSSIER_TEXT, "price.public_basis", "price"},
	{"delivery_level", "交付交易等级", "Delivery level", "s1 至 s4", "s1 to s4", delivery_levels, false, DOSSIER_CHOICE, "deliver.level", "delivery"},
	{"seller_role", "供方角色", "Seller's role", "数商 data_merchant，供方 supplier", "data_merchant or supplier", roles, false, DOSSIER_CHOICE, "seller.role", "applicant"},
	{"self_sponsored", "保荐方为供方自身", "Self-sponsored", "保荐方是否为供方自身", "whether the seller sponsors itself", yes_no, false, DOSSIER_YES, "seller.sponsored_by_self", "applicant"},
	{"applicant_type", "申请人类型", "Applicant", "法人 legal-person，自然人 natural-person，非法人组织 unincorporated", "legal-person, natural-person or unincorporated", applicants, false, DOSSIER_TEXT, NULL, "applicant"},
	{"contact", "联系人", "Contact", "登记申请的联系人", "whom to ask", NULL, false, DOSSIER_TEXT, NULL, "applicant"},
	{"phone", "联系电话", "Telephone", "联系电话", "telephone", NULL, false, DOSSIER_TEXT, NULL, "applicant"},
	{"address", "联系地址", "Address", "联系地址", "address", NULL, false, DOSSIER_TEXT, NULL, "applicant"},
	{"business", "经营情况", "Business", "申请人的主营业务与规模", "what the applicant does, and its size", NULL, false, DOSSIER_TEXT, NULL, "applicant"},
};
// clang-format on
const size_t dossier_fields_n = countof(dossier_fields);
