/* The words of printed documents, in Chinese, and their small companions in English. {1}, {2}, ... are filled in by
 * words_fill (paper/words.h). One row a word: name, Chinese, English. */
#pragma once

// clang-format off
#define PAPER_WORDS(X) \
	X(W_INVOICE, "数据流通凭证(“数据发票”)", "Data circulation voucher (\"data invoice\")") \
	X(W_SERIAL, "凭证编号:{1}", "") \
	X(W_VERDICT, "核验结论:{1}{2}。{3}。截至 {4}。", "Verdict as of the heads shown under Registration; a later correction is not excluded") \
	X(W_BESIDE, ";{1}", "") \
	X(W_P1, "一、场景", "Scenario") \
	X(W_P2, "二、实体", "Entities") \
	X(W_P3, "三、交易凭证", "Voucher") \
	X(W_P4, "四、登记", "Registration and evidence") \
	X(W_P5, "五、监管", "Supervision") \
	X(W_PURPOSE, "使用目的", "purpose") \
	X(W_TERRITORY, "使用地域", "territory") \
	X(W_UNTIL, "使用期限", "until") \
	X(W_ONWARD, "转授约定", "onward transfer") \
	X(W_DISPOSAL, "返还与销毁", "return and destruction") \
	X(W_RULES, "合规规则", "rules") \
	X(W_CLASS, "数据分类分级", "classification") \
	X(W_PERSONAL, "是否含个人信息", "personal information") \
	X(W_YES, "是", "yes") \
	X(W_NO, "否", "no") \
	X(W_PROVIDER, "提供方", "provider") \
	X(W_CONSUMER, "使用方", "consumer") \
	X(W_ITEM, "项目", "item") \
	X(W_NAME, "名称", "name") \
	X(W_USCC, "统一社会信用代码", "USCC") \
	X(W_DID, "分布式标识", "DID") \
	X(W_ASSURANCE, "身份可信等级", "assurance") \
	X(W_SELF_DECLARED, "自行声明", "self-declared") \
	X(W_PARTNER_CONFIRMED, "对方确认", "partner-confirmed") \
	X(W_CA_CERTIFICATE, "CA 证书", "ca-certificate") \
	X(W_AUTHORITY, "主管机构", "authority") \
	X(W_KEY, "签名公钥指纹", "SHA-256 of the key") \
	X(W_SIGNED, "本凭证签名", "signature here") \
	X(W_SIGNED_YES, "已签名", "signed") \
	X(W_SIGNED_NO, "未签名", "not signed") \
	X(W_PRODUCT, "数据产品标识", "product") \
	X(W_REVISION, "版本", "revision") \
	X(W_SIZE, "数据大小", "size") \
	X(W_BYTES, "{1} 字节", "") \
	X(W_DELIVERED, "已签收字节", "bytes received") \
	X(W_SHA, "数据 SHA-256", "object") \
	X(W_ROOT, "数据哈希树根", "tree root") \
	X(W_NET, "价款(不含税)", "net") \
	X(W_RATE, "税率", "rate") \
	X(W_TAX, "税额", "tax") \
	X(W_TOTAL, "价税合计", "total") \
	X(W_CAPITAL, "价税合计(大写)", "in words") \
	X(W_DUE, "更正后价税合计", "now due") \
	X(W_YUAN, "人民币 {1} 元", "") \
	X(W_CAPITALS, "人民币{1}", "") \
	X(W_MODE, "交付方式", "mode") \
	X(W_SECURITY, "安全措施", "security") \
	X(W_START, "交付开始", "start") \
	X(W_END, "交付结束", "end") \
	X(W_ISSUED, "开具时间", "issued") \
	X(W_BEIJING, "{1}年{2}月{3}日 {4}(北京时间)", "") \
	X(W_REGISTERED, "登记状态", "status") \
	X(W_CENTRE, "登记机构", "centre") \
	X(W_NUMBER, "登记编号", "number") \
	X(W_TIME, "时间", "time") \
	X(W_RECEIPT, "登记回执", "receipt") \
	X(W_LOG, "存证链", "log") \
	X(W_ACT, "存证", "act") \
	X(W_ACT_ISSUE, "开具", "issue") \
	X(W_ACT_ACCEPT, "确认", "accept") \
	X(W_INDEX, "序号", "index") \
	X(W_HEAD, "存证头:规模与根", "head: size, root") \
	X(W_MIRROR, "镜像地址", "mirror") \
	X(W_STATUS, "状态查询", "status") \
	X(W_SCAN, "扫码打开核验页面,选取凭证文件即可离线核验。\n凭证摘要 D(I):\n{1}", "Scan to open the verifier; it checks the invoice file, also without a network.") \
	X(W_NO_TAX, "本凭证不是税务发票,不得用于抵扣、税前扣除或报销。", "This is no tax invoice and must not be used for deduction or reimbursement.") \
	X(W_INVOICE_FOOT, "凭证摘要 D(I) {1}", "") \
	X(W_CONTRACT, "数据产品许可使用合同", "Data licence contract, printed from the signed agreement G") \
	X(W_CONTRACT_ID, "合同编号:{1}", "") \
	X(W_PARTY_A, "甲方(数据提供方)", "Party A, provider") \
	X(W_PARTY_B, "乙方(数据使用方)", "Party B, consumer") \
	X(W_PREAMBLE, "甲乙双方依据《中华人民共和国民法典》《中华人民共和国数据安全法》《中华人民共和国个人信息保护法》《中华人民共和国电子签名法》,在平等自愿的基础上,就下述数据产品的许可使用订立本合同。本合同由双方节点中的电子协议 G 逐项生成,其摘要 D(G) 印于每页页脚。", "") \
	X(W_C1, "第一条 标的", "Object") \
	X(W_C1_1, "甲方许可乙方使用下列数据产品的一个固定版本,其内容以下列摘要为准。", "") \
	X(W_C2, "第二条 许可使用范围", "Terms of use") \
	X(W_TERMS, "使用条款:{1}。", "") \
	X(W_TERMS_RAW, "使用条款以电子协议所载 ODRL 策略原文为准:{1}", "") \
	X(W_C2_PURPOSE, "使用目的:{1}。", "") \
	X(W_C2_TERRITORY, "使用地域:{1}。", "") \
	X(W_C2_UNTIL, "使用期限至:{1}。", "") \
	X(W_C2_ONWARD, "向第三方转授或提供:{1}。", "") \
	X(W_C3, "第三条 价款与税费", "Price") \
	X(W_C3_1, "不含税价款人民币 {1} 元,税率 {2},税额人民币 {3} 元。", "") \
	X(W_C3_2, "价税合计人民币 {1} 元(大写:人民币{2})。", "") \
	X(W_C3_3, "部分签收的,按已签收字节占全部字节的比例计算价款(四舍五入至分),税额随之计算。", "") \
	X(W_C4, "第四条 交付与签收", "Delivery and receipt") \
	X(W_C4_1, "甲方通过双方节点交付数据,每块数据均经哈希树校验;乙方校验后出具签名收据。", "") \
	X(W_C4_2, "乙方应自每次交付开始之日起 {1} 秒(约 {2} 小时)内出具收据。", "") \
	X(W_C4_3, "交付结束后,甲方出具数据流通凭证(“数据发票”)。该凭证不是税务发票,税务发票另行开具。", "") \
	X(W_C5, "第五条 返还与销毁", "Return and destruction") \
	X(W_C5_SET, "使用期满或合同终止后,乙方对所持数据的处置方式:{1}。", "") \
	X(W_C5_NONE, "电子协议未对返还与销毁作出约定。补充约定:____________________________________。", "") \
	X(W_C6, "第六条 更正与争议解决", "Corrections and disputes") \
	X(W_C6_1, "对数据流通凭证有异议的一方应在节点中提出并说明理由;更正或撤销凭证须经双方签名后生效。", "") \
	X(W_C6_2, "因本合同引起的争议,双方应协商解决;协商不成的,按下列第____种方式解决:(1) 提交__________________仲裁委员会仲裁;(2) 依法向__________________人民法院提起诉讼。", "") \
	X(W_C7, "第七条 电子签名与存证", "Evidence") \
	X(W_C7_1, "电子协议由双方以下列密钥签名,并分别存入双方存证链;各环节的签名文件与存证证明可由任何人以公开的核验程序核验。", "") \
	X(W_C7_2, "本纸质文本与电子协议不一致的,以摘要为 D(G) 的电子协议为准。", "") \
	X(W_C8, "第八条 其他", "Miscellaneous") \
	X(W_C8_1, "电子协议的签署有效期至 {1}。", "") \
	X(W_C8_2, "本合同一式两份,甲乙双方各执一份。盖章后的扫描件以其摘要附于电子协议。", "") \
	X(W_SEAL_A, "甲方(盖章):{1}", "") \
	X(W_SEAL_B, "乙方(盖章):{1}", "") \
	X(W_SEAL, "法定代表人或授权代表(签字):\n\n\n日期:        年      月      日", "") \
	X(W_CONTRACT_FOOT, "电子协议摘要 D(G) {1}", "") \
	X(W_PRODUCT_SHEET, "数据产品说明书", "Data product sheet") \
	X(W_PRODUCT_FOOT, "数据产品 {1}", "") \
	X(W_FORMAT, "数据格式", "format") \
	X(W_PUBLISHED, "发布时间", "published") \
	X(W_S_DOSSIER, "一、产品说明", "Description") \
	X(W_S_TERMS, "二、使用条款", "Terms of use") \
	X(W_S_PRICE, "三、价款与税费", "Price") \
	X(W_S_PROFILE, "四、数据概要", "Profile") \
	X(W_D_DESCRIPTION, "一句话说明", "description") \
	X(W_D_SOURCE, "数据来源", "source") \
	X(W_D_INDUSTRY, "所属行业", "industry") \
	X(W_D_REGION, "覆盖地域", "region") \
	X(W_D_PERIOD, "时间范围", "period") \
	X(W_D_FREQUENCY, "更新频率", "frequency") \
	X(W_D_RIGHTS, "权利依据", "rights") \
	X(W_D_RESTRICTIONS, "使用限制", "restrictions") \
	X(W_NOT_SAID, "未填写", "") \
	X(W_COUNTS, "共 {1} 行、{2} 列。", "") \
	X(W_FIRST, "仅列出前 {1} 列。", "") \
	X(W_TYPE, "类型", "type") \
	X(W_DISTINCT, "不同值", "distinct") \
	X(W_NULLS, "空值", "nulls") \
	X(W_LEAST, "最小", "least") \
	X(W_MOST, "最大", "most") \
	X(W_C_REPORT, "数据产品合规检查报告", "Compliance report of a data product") \
	X(W_C_V_PASS, "结论:通过。全部规则通过或不适用。", "Verdict: pass") \
	X(W_C_V_WARN, "结论:有提醒。没有规则阻止挂牌,但有未通过的提醒项。", "Verdict: nothing blocks, but there are warnings") \
	X(W_C_V_REFUSED, "结论:不予通过。下列规则阻止挂牌。", "Verdict: refused; the rules below block") \
	X(W_C_DAY, "检查日", "as of") \
	X(W_C_SET, "规则集版本", "rule set") \
	X(W_C_HASH, "规则集摘要(SHA-256)", "SHA-256 of the rule set") \
	X(W_C_DIGEST, "结果摘要(SHA-256)", "SHA-256 of the result") \
	X(W_C_BLOCKED, "阻止项", "What blocks") \
	X(W_C_WARNED, "提醒项", "What warns") \
	X(W_C_ALL, "逐条结果", "Rule by rule") \
	X(W_C_RULE, "规则", "rule") \
	X(W_C_TITLE, "要求", "requirement") \
	X(W_C_OUTCOME, "结果", "outcome") \
	X(W_C_BASIS, "依据", "basis") \
	X(W_C_PASS, "通过", "pass") \
	X(W_C_FAIL, "未通过", "fail") \
	X(W_C_UNKNOWN, "无法判断", "unknown") \
	X(W_C_NA, "不适用", "not applicable") \
	X(W_C_UNREAD, "(未核对官方文本)", "(official text not read)") \
	X(W_C_NEEDS, "需满足:{1}", "") \
	X(W_C_ITEM, "证据 {1}:{2}", "") \
	X(W_C_REMEDY, "如何通过:{1}", "") \
	X(W_C_WAIVED, "依改革沙盒豁免记录 {1} 不阻止。", "") \
	X(W_C_NOT, "本报告只说明所列规则在检查日对所附材料的判断结果,不是法律意见,不构成登记、备案或审批,也不免除任何一方的责任。", "This report says how the rules listed judged the papers attached on that day; it is no legal opinion, no registration or approval, and relieves nobody of liability.") \
	X(W_DIGITS, "零壹贰叁肆伍陆柒捌玖", "") \
	X(W_UNITS, "拾佰仟", "") \
	X(W_GROUPS, "万亿", "") \
	X(W_COINS, "元角分整负", "")
// clang-format on
