// How people word the papers that they hand in: for each kind of paper its titles and its items, each with several labels (and clauses of prose),
// laid out and encoded in one of several ways. Written from how such papers look, not from what the program reads.
import {csv, docx, gb18030, xlsx} from './files.mjs';

// An item: labels to choose from, the text, clauses that say it in prose ($ is the text).
const it = (labels, text, ...prose) => ({labels: labels.split('|'), text, prose});

export function dates(r) {
	const style = r.pick(['cn', 'cn', 'iso', 'slash', 'dot', 'pad']);
	const day = d => {
		const [y, m, n] = d.split('-');
		return {cn: `${y}年${+m}月${+n}日`, iso: d, slash: `${y}/${m}/${n}`, dot: `${y}.${m}.${n}`, pad: `${y}年${m}月${n}日`}[style];
	};
	const term = (a, b) => r.pick([`自${day(a)}起至${day(b)}止`, `${day(a)}至${day(b)}`, `${day(a)} 至 ${day(b)}`, `从${day(a)}到${day(b)}`, `${day(a)}—${day(b)}`]);
	return {day, term};
}

// A party with its code, as contracts name it; of another party nobody knows the code.
const named = (name, m) => name === m.seller?.name ? `${name}（统一社会信用代码：${m.seller.uscc}）` : `${name}（统一社会信用代码：91330100799655058B）`;
const list = (r, x) => x.join(r.pick(['、', '、', '，', '；']));
const yes = (r, v) => v ? r.pick(['是', '是', '有']) : r.pick(['否', '否', '无']);

export const kinds = {
	business_licence: (m, r, d) => ({file: '营业执照', titles: ['营业执照', '营业执照（副本）', '企业信用信息公示报告（登记机关查询结果）'], only: 'label', items: [
		it('统一社会信用代码|社会信用代码', m.uscc), it('名称|企业名称|公司名称', m.name), it('类型|企业类型', '有限责任公司'), it('法定代表人', m.person),
		it('注册资本', '壹仟万元整'), it('成立日期', d.day(m.from)), it('营业期限|经营期限', m.to ? d.term(m.from, m.to) : r.pick([`${d.day(m.from)}至长期`, `${d.day(m.from)} 至 无固定期限`, '长期'])),
		it('登记状态|经营状态|企业状态', m.status), it('登记机关', '杭州市滨江区市场监督管理局')]}),
	membership_contract: (m, r, d) => ({file: '供方协议', titles: ['数据交易场所供方协议', '数商入驻协议', '数据交易所会员服务协议'], items: [
		it('甲方|甲方（交易场所）', '杭州数据交易所有限公司'), it('乙方|乙方（供方）|入驻方', named(m.name, m)), it('合同编号|协议编号', m.number),
		it('合同期限|协议有效期|有效期', d.term(m.from, m.to), '第三条 本协议有效期$。', '三、本协议的期限为$，期满双方可以续签。')]}),
	credit_report: (m, r, d) => ({file: '信用报告', titles: ['信用信息查询报告', '企业公共信用信息报告'], only: 'label', items: [
		it('企业名称|查询对象|主体名称', m.name), it('统一社会信用代码', m.uscc), it('列入失信名单|是否列入严重失信主体名单|失信被执行人', m.listed ? '是' : r.pick(['否', '否', '未列入', '无'])),
		it('报告日期|查询日期|出具日期', d.day(m.date))]}),
	collection_record: (m, r, d) => ({file: '采集说明', titles: ['数据采集合法性说明', '关于数据采集情况的说明', '数据来源与采集合规说明'], items: [
		it('采集主体|采集单位', m.name), it('采集系统|采集设备|采集方式', m.system, '本数据由本单位通过$自行采集。'), it('采集期间|采集时间|采集时段', d.term(m.from, m.to), '采集期间：$。'),
		...m.notice ? [it('告知文本|告知方式|告知情况', m.notice, '采集前已向被采集对象履行告知义务，告知文本：$。')] : []]}),
	source_contract: (m, r, d) => ({file: '数据合作协议', titles: ['数据许可使用协议', '数据采购合同', '数据合作协议'], items: [
		it('甲方|甲方（许可方）|许可方|数据提供方', m.licensor), it('乙方|乙方（被许可方）|被许可方|数据接收方', named(m.licensee, m)), it('合同编号|协议编号', m.number),
		it('授权内容|许可权利|授予权利|权利范围', list(r, m.rights), '第二条 甲方授予乙方对标的数据的$。', '二、甲方将标的数据的$授予乙方行使。'),
		it('授权地域|许可地域|使用地域|地域范围', list(r, m.territory), '第三条 本许可的地域范围为$。', '乙方可以在$范围内行使上述权利。'),
		it('合同期限|授权期限|许可期限|有效期', d.term(m.from, m.to), '第四条 许可期限$。', '本协议有效期$。'),
		it('转授权|再许可|是否允许转授权', m.sublicence ? r.pick(['允许', '允许', '可以']) : r.pick(['不允许', '禁止', '不得转授权']), m.sublicence ? '第五条 乙方有权将上述权利再许可给第三方。' : '第五条 未经甲方书面同意，乙方不得将上述权利再许可给第三方。',
			m.sublicence ? '乙方可以转授权给下游客户使用。' : '乙方不得转授权。')]}),
	crawl_record: (m, r, d) => ({file: '自动化收集记录', titles: ['自动化收集公开数据情况记录', '网络公开数据收集合规记录'], items: [
		it('目标网站|收集对象|数据来源网站', m.site), it('收集期间|收集时间|采集期间', d.term(m.from, m.to)), it('是否公开|收集时是否公开|数据公开状态', m.open ? r.pick(['是', '公开']) : r.pick(['否', '不公开', '登录后可见']), m.open ? '收集时上述数据均向公众公开，无需登录。' : '上述数据须登录后方可查看，未向公众公开。'),
		it('是否绕过技术措施|绕过技术保护措施|是否突破访问限制', m.bypass ? '是' : r.pick(['否', '未绕过', '无']), m.bypass ? '收集过程中使用代理池绕过了目标网站的访问限制。' : '收集过程未绕过任何技术措施，未侵入他人系统。'),
		it('robots协议|robots.txt|robots 记录', m.robots ? r.pick(['遵守', '已遵守并留存快照', '允许']) : r.pick(['未遵守', '禁止抓取']), m.robots ? '收集前核对并遵守 robots 协议，快照已留存。' : '目标网站 robots 协议禁止抓取该目录，本次未予遵守。'),
		it('网站服务条款|服务条款|使用条款', r.pick(['已核对，未禁止', '已留存，无禁止条款'])),
		it('是否实质替代原产品|实质性替代|是否替代来源产品', m.replaces ? '是' : r.pick(['否', '不构成实质替代']), m.replaces ? '本产品与来源网站的产品基本相同，可以替代。' : '本产品不构成对来源产品的实质性替代。')]}),
	parent_licence: (m, r, d) => ({file: '上游许可', titles: ['上游数据使用许可书', '数据授权书', '衍生开发许可协议'], items: [
		it('许可方|授权方|授权人', m.licensor), it('被许可方|被授权方|被授权人', named(m.licensee, m)), it('数据名称|授权数据|许可数据', m.parent),
		it('许可权利|授权内容|权利类型', list(r, m.rights), '授权方授予被授权方对上述数据的$。'), it('授权期限|许可期限|有效期', d.term(m.from, m.to), '本授权的期限$。'),
		it('衍生开发|是否允许衍生|加工衍生', m.derive ? r.pick(['允许', '允许', '可以']) : r.pick(['不允许', '禁止']), m.derive ? '被授权方可以对上述数据进行加工并形成衍生数据产品，其权利归被授权方。' : '被授权方不得对上述数据进行加工形成衍生数据产品。')]}),
	public_authorisation: (m, r, d) => ({file: '公共数据授权', titles: ['公共数据授权运营协议', '公共数据资源授权运营协议书'], items: [
		it('甲方|授权方|实施机构', '杭州市数据资源管理局'), it('乙方|运营方|运营机构|被授权方', named(m.operator, m)), it('协议编号|合同编号', m.number),
		it('平台登记号|公共数据登记编号|公共数据资源登记号|登记编号', m.registration), it('授权期限|运营期限|有效期', d.term(m.from, m.to), '第六条 授权运营期限$。')]}),
	joint_consent: (m, r, d) => ({file: '共同参与方同意书', titles: ['共同参与方同意书', '多方数据融合成果权利约定'], items: [
		it('同意方|参与方|共同参与方', list(r, m.parties), '本同意书由下列各方共同签署：$。'), it('被授权方|受益方|经营方', named(m.name, m)), it('同意内容|同意事项|同意权利', m.right, '各方一致同意由该方行使融合数据的$。'), it('签署日期|签订日期', d.day(m.date)), it('有效期|期限', d.term(m.date, m.to))]}),
	entrustment_contract: (m, r, d) => ({file: '委托合同', titles: ['数据委托处理合同', '委托加工合同'], items: [
		it('委托方|甲方', m.licensor), it('受托方|乙方', named(m.name, m)), it('合同期限|委托期限', d.term(m.from, m.to)),
		it('成果归属|成果权利|权利归属', m.granted ? r.pick(['归受托方', '受托方享有持有权、使用权、经营权']) : r.pick(['归委托方', '委托方享有全部权利']), m.granted ? '处理成果的持有权、使用权、经营权归受托方。' : '处理成果的全部权利归委托方，受托方不得自行使用。')]}),
	separate_consent: (m, r, d) => ({file: '单独同意', titles: ['单独同意记录', '个人信息单独同意书（汇总）', '个人信息提供单独同意书'], items: [
		it('同意用途|处理目的|使用目的|同意目的', list(r, m.purposes), '本人同意将个人信息提供给第三方，用于$。'), it('接收方|提供对象', m.to_whom), it('同意方|同意人', `${m.people} 人（名册另存）`),
		it('签署日期|同意日期|签署时间', d.day(m.date)), ...m.to ? [it('同意有效期|有效期', d.term(m.date, m.to), '本同意的有效期$。')] : []]}),
	guardian_consent: (m, r, d) => ({file: '监护人同意', titles: ['监护人同意书（汇总）', '未成年人监护人同意记录'], items: [
		it('同意用途|处理目的|使用目的', list(r, m.purposes), '本人作为监护人，同意将被监护人的个人信息用于$。'), it('同意人|监护人', `${m.people} 名监护人（名册另存）`), it('签署日期|同意日期', d.day(m.date)), ...m.to ? [it('同意有效期|有效期', d.term(m.date, m.to))] : []]}),
	necessity_statement: (m, r, d) => ({file: '必要性说明', titles: ['处理敏感个人信息必要性说明'], items: [it('说明单位|编制单位', m.name), it('必要性|说明', '用于上述用途须保留逐条记录，汇总数据不能替代', '$。'), it('编制日期|日期', d.day(m.date))]}),
	pipia: (m, r, d) => ({file: '影响评估', titles: ['个人信息保护影响评估报告', '个人信息保护影响评估（PIA）报告'], items: [
		it('评估对象|被评估单位', m.name), it('报告编号|编号', m.number), it('评估日期|评估时间|完成日期|报告日期', d.day(m.date), '本次评估于$完成。'), it('评估结论|结论', r.pick(['风险可控', '低风险', '风险总体可控，同意处理'])), it('评估机构|出具机构', '杭州某律师事务所')]}),
	reidentification_test: (m, r, d) => ({file: '匿名化测试', titles: ['匿名化与重识别测试报告', '数据匿名化效果评估报告'], items: [
		it('匿名化方法|处理方法|脱敏方法', r.pick(['删除直接标识符并对年龄泛化，k-匿名', '差分隐私加噪与泛化', 'k-匿名与抑制'])), ...m.k ? [it('k匿名参数|k值|k 值|参数', r.pick([String(m.k), `k=${m.k}`]))] : [],
		it('报告日期|测试日期|评估日期', d.day(m.date)), it('测试结论|结论|测试结果', m.passed ? r.pick(['通过', '未能重识别，通过', '合格']) : r.pick(['不通过', '未通过，可重识别', '不合格']))]}),
	grading_record: (m, r, d) => ({file: '分类分级', titles: ['数据分类分级记录', '数据分类分级备案表'], only: 'label', items: [it('分级依据|依据', 'GB/T 43697-2024'), it('数据级别|级别|定级结果', {general: '一般数据', important: '重要数据', core: '核心数据'}[m.level]), it('定级日期|日期', d.day(m.date))]}),
	risk_assessment: (m, r, d) => ({file: '风险评估', titles: ['重要数据风险评估报告'], items: [it('被评估单位|评估对象', m.name), it('评估日期|报告日期', d.day(m.date), '本次评估于$完成。'), it('评估结论|结论', r.pick(['风险可控', '通过']))]}),
	authority_consent: (m, r, d) => ({file: '主管部门意见', titles: ['关于同意提供重要数据的复函', '主管部门意见'], items: [it('主管部门|出具机关|发文机关', '浙江省交通运输厅'), it('意见|审查意见', m.agreed ? r.pick(['同意', '同意提供']) : '不同意', m.agreed ? '经研究，同意你单位对外提供该数据。' : '经研究，不同意你单位对外提供该数据。'), it('日期|出具日期', d.day(m.date))]}),
	buyer_capability: (m, r, d) => ({file: '接收方能力', titles: ['数据接收方安全保护能力证明'], items: [it('接收方|单位名称', '浙江某研究院'), it('能力等级|保护等级', '网络安全等级保护第三级'), it('有效期', d.term(m.from, m.to))]}),
	ip_statement: (m, r, d) => ({file: '知识产权声明', titles: ['知识产权声明', '无侵权承诺函'], items: [it('声明单位|承诺人', m.name), it('声明内容|声明', '本数据不含第三方作品、数据库或商业秘密', '$。'), it('声明日期|日期', d.day(m.date))]}),
	ip_licence: (m, r, d) => ({file: '第三方许可', titles: ['第三方权利许可书', '作品使用许可合同', '数据库许可协议'], items: [
		it('许可方|权利人|授权方', m.licensor), it('被许可方|被授权方', named(m.licensee, m)), it('许可内容|许可作品|授权作品', m.work), it('许可期限|授权期限|有效期', d.term(m.from, m.to), '许可期限$。'),
		it('转授权|再许可', m.sublicence ? '允许' : r.pick(['不允许', '禁止']), m.sublicence ? '被许可方可以在其数据产品中再许可。' : '被许可方不得再许可给他人。')]}),
	quality_report: (m, r, d) => ({file: '质量报告', titles: ['数据质量评价报告', '数据质量检测报告'], only: 'label', items: [
		it('评价依据|依据', 'GB/T 36344-2018'), it('评价对象|数据名称', m.product), it('指标数|评价指标数|评价指标', r.pick(['20', '20项'])), it('抽样方案|抽样方式', '全量'), it('工具摘要|工具哈希|检测工具SHA-256', m.tool), it('报告日期|评价日期|检测日期', d.day(m.date)), it('评价结果|结论', '合格')]}),
	title_certificate: (m, r, d) => ({file: '产权凭证', titles: ['数据产权登记凭证', '数据产权登记证书'], only: 'label', items: [
		it('凭证编码|登记编号|凭证编号|证书编号', m.code), it('权利人|持有人|权利主体|登记主体', named(m.holder, m)), it('数据名称|登记数据名称', m.product), it('权利类型|登记权利|权利内容', list(r, m.rights)),
		it('有效期|凭证有效期|登记有效期', d.term(m.from, m.to)), it('登记机构|发证机构', '浙江省数据登记中心'), ...m.territory ? [it('地域范围|使用地域', list(r, m.territory))] : []]}),
	standard_contract: (m, r, d) => ({file: '标准合同备案', titles: ['个人信息出境标准合同备案通知', '个人信息出境标准合同（已备案）'], items: [
		it('境内提供方|个人信息处理者|提供方', m.name), it('境外接收方|接收方', 'Nordsee Health GmbH'), it('备案号|备案编号', m.number), it('合同期限|有效期', d.term(m.from, m.to), '本合同的有效期$。')]}),
	export_assessment: (m, r, d) => ({file: '出境安全评估', titles: ['数据出境安全评估结果通知书'], only: 'label', items: [
		it('申报单位|数据处理者', m.name), it('评估编号|文号|编号', m.number), it('评估结果|结果', m.passed ? r.pick(['通过', '通过评估']) : '不予通过'), it('有效期', d.term(m.from, m.to))]}),
};

// The price list is a table of its own.
export const prices = m => [['用途', '单价（元）'], ...m.purposes.map(p => [p, m.price])];

// One paper as a file: {name, bytes}. The choices depend on r alone, never on what the paper says.
export function write(kind, m, seller, r) {
	const seeds = r.int(0, 1e9), format = r.pick(['txt', 'txt', 'txt', 'txt', 'gb', 'gb', 'gb', 'docx', 'docx', 'csv', 'xlsx', 'json']), layout = r.pick(['colon', 'colon', 'table', 'numbered', 'prose', 'prose']);
	if (kind === 'price_list') {
		const rows = prices(m);
		return format === 'xlsx' ? {name: '价目表.xlsx', bytes: xlsx(rows)} : {name: '价目表.csv', bytes: format === 'gb' ? gb18030(csv(rows)) : Buffer.from(csv(rows))};
	}
	const d = dates(r), p = kinds[kind]({...m, seller}, r, d);
	const title = p.titles[seeds % p.titles.length];
	const label = (i, n) => i.labels[(seeds + n * 7) % i.labels.length];
	const pairs = p.items.map((i, n) => [label(i, n), String(i.text)]);
	if (format === 'csv') return {name: `${p.file}.csv`, bytes: Buffer.from(csv(pairs))};
	if (format === 'xlsx') return {name: `${p.file}.xlsx`, bytes: xlsx([[title, ''], ...pairs])};
	if (format === 'json') return {name: `${p.file}.json`, bytes: Buffer.from(JSON.stringify(Object.fromEntries(pairs), null, 2))};
	const lines = p.items.map((i, n) => {
		const clause = layout === 'prose' && p.only !== 'label' && i.prose.length ? i.prose[(seeds + n) % i.prose.length].replace('$', i.text) : null;
		return clause ?? (layout === 'numbered' ? `${n + 1}. ` : '') + `${pairs[n][0]}${seeds % 5 === 0 ? ': ' : '：'}${pairs[n][1]}`;
	});
	if (format === 'docx') return {name: `${p.file}.docx`, bytes: docx(title, lines, layout === 'table' ? pairs : null)};
	const text = [title, '', ...lines, ''].join(seeds % 3 === 0 ? '\r\n' : '\n');
	return {name: `${p.file}.txt`, bytes: format === 'gb' ? gb18030(text) : Buffer.from(text)};
}
