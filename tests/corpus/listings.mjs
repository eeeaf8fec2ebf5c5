// node listings.mjs OUT: 300 data products, the same each time. OUT/NNN/ is a listing as handed in; of one with a planted defect OUT/NNN-twin/ is the
// same without it; OUT/NNN.expected.json = {defect: words or null, area}. A defect is in the papers or the data, never in a field of the dossier.
import fs from 'node:fs';
import crypto from 'node:crypto';
import {csv, gb18030, idNumber, luhn, random, uscc, xlsx} from './files.mjs';
import {write} from './papers.mjs';
import {defects} from './defects.mjs';

export const count = 300, today = '2026-11-24';
const rights3 = ['持有权', '使用权', '经营权'], rights2 = ['持有权', '使用权'];
const cities = ['杭州市', '宁波市', '温州市', '绍兴市'], surnames = ['陈静', '王磊', '李敏', '周伟', '吴芳'];
const companies = ['江澜数据', '云杉信息', '青禾科技', '远见智能', '白塔数字', '钱塘算力', '湖畔传感', '六和软件'];
const trades = [
	{word: '交通', text: '路口流量与平均车速', purposes: ['交通研究', '信号配时优化'], columns: ['flow', 'speed_kmh'], row: r => [r.int(20, 900), r.int(8, 70)]},
	{word: '气象', text: '站点逐时温度与雨量', purposes: ['农业保险定价', '气象服务'], columns: ['temp_c', 'rain_mm'], row: r => [(r.int(-50, 390) / 10).toFixed(1), (r.int(0, 300) / 10).toFixed(1)]},
	{word: '能源', text: '充电站逐日用电量', purposes: ['电网负荷预测'], columns: ['kwh', 'peak_kw'], row: r => [r.int(100, 9000), r.int(20, 800)]},
	{word: '零售', text: '门店品类销售汇总', purposes: ['选址分析', '供应链优化'], columns: ['units', 'amount'], row: r => [r.int(1, 900), (r.int(100, 99999) / 100).toFixed(2)]},
	{word: '制造', text: '设备运行工况', purposes: ['设备故障预测'], columns: ['rpm', 'vibration'], row: r => [r.int(500, 3000), (r.int(1, 900) / 100).toFixed(2)]},
];
const people = [
	{word: '卫生', text: '心电检查脱敏指标', purposes: ['医学算法研究'], sensitive: true}, {word: '教育', text: '体质测试结果', purposes: ['青少年体质研究'], sensitive: false},
	{word: '金融', text: '小额信贷还款表现', purposes: ['信用评分模型验证'], sensitive: true}, {word: '交通', text: '出行问卷', purposes: ['公交线网优化'], sensitive: false},
];
// What looks like an identifier and is none.
const odd = [
	['order_no', (r, i) => '2026' + String(1000000 + i * 37).slice(0, 7)], ['order_no', r => '10' + r.digits(9)], ['sha256', r => r.hex(64)], ['hash', r => r.hex(32)],
	['ts_ns', r => '17' + r.digits(17)], ['product_code', r => luhn('0' + r.digits(14))], ['product_code', r => luhn('1' + r.digits(14))], ['birth_year', r => r.int(1940, 2020)],
	['contract_no', r => { const s = '330106' + r.int(1960, 2019) + '0518' + r.digits(3); const right = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2].reduce((a, w, i) => a + w * s[i], 0) % 11; return s + (right === 1 ? '5' : '0'); }],
	['amount_yuan', r => '138' + r.digits(8) + '.50'], ['firmware', r => `fw@${r.int(1, 9)}.${r.int(0, 9)}.${r.int(0, 9)}`], ['batch', r => 'B' + r.digits(14)],
];
const notes = ['正常', '设备检修', '数据补采', '复核通过', '天气原因延迟', '与上月一致', '见附件 3', '编号见台账'];
const profiles = ['plain', 'anonymous', 'consented', 'children', 'agreement', 'agreement-anonymous', 'crawled', 'derived', 'public', 'joint', 'entrusted', 'third', 'export-contract', 'export-assessed', 'important', 'trained', 'plain', 'agreement'];

const iso = t => new Date(t).toISOString().slice(0, 10);
const at = (day, n) => iso(Date.parse(day) + n * 86400000);

function base(i, r) {
	const profile = profiles[i % profiles.length];
	const personal = /anonymous|consented|children|export/.test(profile);
	const topic = personal ? r.pick(people) : r.pick(trades), city = r.pick(cities);
	const seller = {name: `${city.slice(0, 2)}${r.pick(companies)}有限公司`, uscc: uscc(r)};
	const from = iso(Date.parse('2024-01-01') + r.int(0, 300) * 86400000), rows = r.int(300, r.chance(0.1) ? 4000 : 1500), per = r.int(2, 5), to = at(from, Math.floor((rows - 1) / per));
	const name = `${from.slice(0, 4)}年${city}${topic.word}${topic.text}表格数据`.slice(0, 40);
	const m = {i, profile, seller, name, topic, from, to, rows, per, personal, city, sensitive: personal && (profile === 'children' || profile === 'export-assessed' || (topic.sensitive && profile !== 'export-contract')), minors: profile === 'children', identified: profile === 'consented' || profile === 'children'};
	m.end = r.pick(['2027-06-30', '2027-12-31', '2028-03-31']);
	m.territory = r.pick([['中国'], ['中国'], ['浙江省'], ['浙江省', '江苏省']]);
	if (/export/.test(profile)) m.territory = ['中国', '德国'];
	m.price = r.pick(['500.00', '12000.00', '0.80', '3000']);
	return m;
}

function fields(m) {
	const source = {agreement: 'agreement', 'agreement-anonymous': 'agreement', third: 'collected', crawled: 'crawled', derived: 'derived', public: 'authorised', trained: 'agreement', entrusted: 'agreement'}[m.profile] ?? 'collected';
	const abroad = /export/.test(m.profile), f = {
		description: `${m.topic.text}，每行一条记录。`, source, industry: m.topic.word, region: `浙江省${m.city}`, period: `${m.from} 至 ${m.to}`, frequency: 'once', form: 'table', rows: String(m.rows), columns: String(m.header.length),
		rights: '持有权、使用权、经营权', entrusted: m.profile === 'entrusted' ? 'yes' : 'no', joint: m.profile === 'joint' ? 'yes' : 'no', raw_government: 'no', disputed: 'no', seized: 'no', third_party: m.profile === 'third' ? 'yes' : 'no',
		purposes: m.topic.purposes.join('、'), audience: '具备相应数据安全能力的企业', use_period: '一年', resale: '不得转售', restrictions: '不得尝试重新识别', territory: m.territory.join('、'), offer_to: m.end,
		training: m.profile === 'trained' ? 'yes' : 'no', personal: m.personal ? 'yes' : 'no', sensitive: m.sensitive ? 'yes' : 'no', minors: m.minors ? 'yes' : 'no', minors_removed: 'no',
		level: m.profile === 'important' ? 'important' : 'general', harmed: m.profile === 'important' ? 'public-interest' : m.personal ? 'individual' : 'organisation', harm: 'serious', export: abroad ? 'yes' : 'no', export_forbidden: abroad ? 'no' : 'yes', ciio: 'no', ftz: 'no',
		price_mode: 'listed', related: 'no', delivery_level: m.profile === 'important' ? 's3' : 's2', seller_role: 'supplier', self_sponsored: 'no', anonymised: 'no'};
	if (m.personal) Object.assign(f, {anonymised: m.identified || abroad ? 'no' : 'yes', lawful_basis: 'consent', erasure_path: '撤回同意后七日内通知下游删除'});
	if (m.profile === 'crawled') f.derived_product = 'yes';
	if (m.profile === 'derived') f.parents = m.parents.join('、');
	if (m.profile === 'joint') f.participants = m.partners.join('、');
	if (m.profile === 'trained') Object.assign(f, {mining_rights: '合同第二条许可文本与数据挖掘', optouts: 'yes'});
	if (m.profile === 'public') f.public_price_basis = '发改价格〔2025〕65号';
	if (abroad) Object.assign(f, {export_exempt: 'no', export_people: m.profile === 'export-contract' ? '200000' : '50000', export_sensitive: m.profile === 'export-contract' ? '0' : '20000'});
	return f;
}

// The papers, by id: {kind, facts}.
function papers(m, r) {
	const licensor = `${r.pick(['浙江', '上海', '江苏'])}${r.pick(['北辰', '长河', '天目'])}${m.topic.word}有限公司`, n = m.seller.name, p = {};
	const add = (id, kind, facts) => { p[id] = {kind, facts}; };
	const years = {from: '2026-01-01', to: r.pick(['2028-12-31', '2029-06-30'])}, recent = () => at(today, -r.int(10, 60));
	m.parents = ['门店客流统计', '区域消费指数'].slice(0, r.int(1, 2));
	m.partners = [`${m.city.slice(0, 2)}启明数据有限公司`, '浙江海岳信息有限公司'];
	add('licence', 'business_licence', {...m.seller, person: r.pick(surnames), from: '2019-04-18', to: r.chance(0.5) ? '2039-04-17' : null, status: r.pick(['存续', '存续', '存续（在营、开业、在册）', '在营'])});
	add('membership', 'membership_contract', {name: n, number: `HZDE-${r.digits(6)}`, from: '2026-01-01', to: '2028-12-31'});
	add('credit', 'credit_report', {...m.seller, listed: false, date: recent()});
	add('grading', 'grading_record', {level: m.profile === 'important' ? 'important' : 'general', date: recent()});
	add('prices', 'price_list', {purposes: m.topic.purposes, price: m.price});
	if (m.profile !== 'third') add('ip', 'ip_statement', {name: n, date: recent()});
	const source = m.source = {agreement: 'agreement', 'agreement-anonymous': 'agreement', trained: 'agreement', entrusted: 'agreement', crawled: 'crawled', derived: 'derived', public: 'public'}[m.profile] ?? 'collected';
	if (source === 'collected') add('collection', 'collection_record', {name: n, system: r.pick(['路侧传感网关', 'MCG-36 采集终端', '自建业务系统']), from: m.from, to: m.to, notice: m.personal ? '知情同意书第 3 版' : '设备现场公示告知牌'});
	if (source === 'agreement') add('contract', 'source_contract', {licensor, licensee: n, number: `HT-${r.digits(5)}`, rights: rights3, territory: m.territory, sublicence: true, ...years});
	if (source === 'crawled') add('crawl', 'crawl_record', {site: 'www.example.cn', from: m.from, to: m.to, open: true, bypass: false, robots: true, replaces: false});
	if (source === 'derived') m.parents.forEach((parent, k) => add(`parent${k + 1}`, 'parent_licence', {licensor, licensee: n, parent, rights: ['使用权'], derive: true, ...years}));
	if (source === 'public') add('authorisation', 'public_authorisation', {operator: n, number: `GGSJ-${r.digits(5)}`, registration: `3301${r.digits(8)}`, ...years});
	if (m.profile === 'joint') add('joint', 'joint_consent', {parties: m.partners, name: n, right: '经营权', date: '2026-02-10', to: years.to});
	if (m.profile === 'entrusted') add('entrustment', 'entrustment_contract', {licensor, name: n, granted: true, ...years});
	if (m.profile === 'third') add('third', 'ip_licence', {licensor: '北京图脉测绘有限公司', licensee: n, work: '电子地图底图', sublicence: true, ...years});
	if (m.personal) {
		add('pipia', 'pipia', {name: n, number: `PIA-${r.digits(4)}`, date: recent()});
		add('consent', 'separate_consent', {purposes: m.topic.purposes, to_whom: r.pick(['经数据交易所撮合的买方', '签约的数据使用方']), people: r.int(200, 900), date: at(m.from, -r.int(1, 20)), to: r.chance(0.3) ? '2029-12-31' : null});
		if (m.sensitive) add('necessity', 'necessity_statement', {name: n, date: recent()});
		if (!m.identified && !/export/.test(m.profile)) add('reid', 'reidentification_test', {k: r.pick([5, 10, 20]), date: recent(), passed: true});
		if (m.minors) add('guardian', 'guardian_consent', {purposes: m.topic.purposes, people: r.int(100, 400), date: at(m.from, -r.int(1, 20)), to: null});
	}
	if (m.profile === 'important') {
		add('risk', 'risk_assessment', {name: n, date: recent()});
		add('authority', 'authority_consent', {agreed: true, date: recent()});
		add('capability', 'buyer_capability', {from: '2026-01-01', to: '2028-12-31'});
	}
	if (m.profile === 'export-contract') add('scc', 'standard_contract', {name: n, number: `33${r.digits(8)}`, ...years});
	if (m.profile === 'export-assessed') add('exam', 'export_assessment', {name: n, number: `国网信评〔2026〕${r.int(10, 99)}号`, passed: true, from: '2026-03-01', to: '2029-02-28'});
	const sparse = m.i % 2 === 1 && r.chance(0.3);
	if (!sparse) add('quality', 'quality_report', {product: m.name, tool: r.hex(64), date: at(today, -r.int(5, 60))});
	if (!sparse) add('title', 'title_certificate', {code: `SJ331${r.pick(['202601', '202604', '202609'])}${String(r.int(1, 9999)).padStart(4, '0')}`, holder: n, product: m.name, rights: rights3, from: '2026-09-30', to: '2029-09-29', territory: r.chance(0.5) ? m.territory : null});
	return p;
}

function table(m, r) {
	const columns = r.shuffle(odd).filter((c, k, all) => all.findIndex(x => x[0] === c[0]) === k).slice(0, r.int(0, 3)), text = r.chance(0.6) || !m.personal;
	const topic = m.personal ? {columns: ['age_band', 'score'], row: q => [q.pick(['7-12', '18-34', '35-49', '50-64']), q.int(40, 100)]} : m.topic;
	m.header = ['record', 'day', ...m.identified ? ['id_no', 'mobile'] : [], ...topic.columns, ...columns.map(c => c[0]), ...text ? ['remark'] : []];
	m.table = Array.from({length: m.rows}, (_, k) => [`R${String(k + 1).padStart(6, '0')}`, at(m.from, Math.floor(k / m.per)), ...m.identified ? [idNumber(r, m.minors ? r.int(2014, 2018) : r.int(1960, 2000)), '13' + r.digits(9)] : [],
		...topic.row(r), ...columns.map(c => c[1](r, k)), ...text ? [r.pick(notes)] : []]);
	m.text = text;
}

const hash = b => crypto.createHash('sha256').update(b).digest('hex');

// The files of a listing; `plant` changes the model or, last, the files and the list of papers that are handed in.
function make(i, dir, plant) {
	const r = random(`listing ${i}`), m = base(i, r);
	m.papers = papers(m, r);
	table(m, r);
	const f = fields(m), stated = r.chance(0.3), form = r.pick(['csv', 'csv', 'gb', 'xlsx']);
	plant?.model?.(m, random(`defect ${i}`));
	const evidence = [], files = new Map();
	for (const [id, p] of Object.entries(m.papers)) {
		if (p.gone) continue;
		const {name, bytes} = write(p.kind, p.facts, m.seller, random(`paper ${i} ${id}`)), file = files.has(name) ? name.replace('.', '2.') : name;
		files.set(file, bytes);
		evidence.push({id, kind: p.kind, file, ...stated ? {sha256: hash(bytes)} : {}});
	}
	plant?.files?.({m, evidence, files, r: random(`defect ${i}`)});
	const rows = [m.header, ...m.table], name = form === 'xlsx' ? 'data.xlsx' : 'data.csv';
	files.set(name, form === 'xlsx' ? xlsx(rows) : form === 'gb' ? gb18030(csv(rows)) : Buffer.from(csv(rows)));
	fs.mkdirSync(dir, {recursive: true});
	for (const [file, bytes] of files) fs.writeFileSync(`${dir}/${file}`, bytes);
	fs.writeFileSync(`${dir}/listing.dossier.json`, JSON.stringify({v: 1, kind: 'dossier', seller: m.seller, product: {name: m.name}, fields: f, evidence, data: [{file: name}]}, null, 1));
	return m;
}

// Even numbers get a defect: of those that fit the listing the one planted least often so far.
export function generate(out) {
	const planted = new Map(defects.map(d => [d.words, 0])), made = [];
	for (let i = 0; i < count; i++) {
		const n = String(i).padStart(3, '0'), dir = `${out}/${n}`;
		const m = make(i, Math.floor(i / profiles.length + i) % 2 ? dir : `${dir}-twin`);
		const defective = Math.floor(i / profiles.length + i) % 2 === 0;
		const d = defective ? defects.filter(x => x.fits(m)).sort((a, b) => planted.get(a.words) - planted.get(b.words))[0] : null;
		if (d) { planted.set(d.words, planted.get(d.words) + 1); make(i, dir, d); }
		const e = {defect: d?.words ?? null, ...d ? {area: d.area} : {}};
		fs.writeFileSync(`${out}/${n}.expected.json`, JSON.stringify(e));
		made.push({n, profile: m.profile, ...e});
	}
	return made;
}

if (process.argv[1] === new URL(import.meta.url).pathname) generate(process.argv[2]);
