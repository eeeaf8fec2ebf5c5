/* The fields of a dossier, in both languages. */
#include "product/dossier.h"

static const char *const frequencies[] = {
	"once", "realtime", "hourly", "daily", "weekly", "monthly", "quarterly", "yearly", NULL};
static const char *const sources[] = {
	"self-produced", "collected", "public", "purchased", "authorised", "derived", NULL};

// clang-format off
const struct dossier_field dossier_fields[] = {
	{"description", "简介", "Description", "数据内容、字段含义、主要用途", "what the data say, their fields, what they are good for", NULL, true},
	{"source", "来源类型", "Source", "自行生产 self-produced，采集 collected，公开 public，购买 purchased，授权 authorised，衍生 derived", "how the data were obtained", sources, true},
	{"industry", "所属行业", "Industry", "如：气象、交通、金融", "for example weather, transport, finance", NULL, true},
	{"region", "覆盖地域", "Region", "如：浙江省杭州市", "the area that the data cover", NULL, true},
	{"period", "时间范围", "Period", "如：2012-01-01 至 2015-12-31", "for example 2012-01-01 to 2015-12-31", NULL, true},
	{"frequency", "更新频率", "Updates", "一次性 once，实时 realtime，每小时 hourly，每日 daily，每周 weekly，每月 monthly，每季 quarterly，每年 yearly", "how often there is a new version", frequencies, true},
	{"rights", "权利说明", "Rights", "持有权、使用权、经营权的依据", "on what the right to hold, use and sell rests", NULL, true},
	{"restrictions", "使用限制", "Restrictions", "法律、合同或隐私方面的限制；没有则写“无”", "of law, contract or privacy; none: write none", NULL, false},
};
// clang-format on
const size_t dossier_fields_n = countof(dossier_fields);
