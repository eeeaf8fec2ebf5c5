/* The twenty indicators of GB/T 36344-2018, in both languages. */
#include "product/quality_parts.h"

// clang-format off
const struct quality_words quality_words[QUALITY_INDICATORS] = {
	[Q_STANDARD] = {"0101", "数据标准", "meets data standards", "norm", false},
	[Q_MODEL] = {"0102", "数据模型", "meets the data model", "norm", false},
	[Q_METADATA] = {"0103", "元数据", "meets its metadata", "norm", false},
	[Q_RULES] = {"0104", "业务规则", "meets business rules", "norm", false},
	[Q_REFERENCE] = {"0105", "权威参考数据", "meets reference data", "norm", false},
	[Q_SECURITY] = {"0106", "安全规范", "meets security rules", "norm", false},
	[Q_ELEMENTS] = {"0201", "数据元素完整性", "elements assigned", "completeness", false},
	[Q_RECORDS] = {"0202", "数据记录完整性", "records assigned", "completeness", false},
	[Q_CONTENT] = {"0301", "数据内容正确性", "correct content", "accuracy", false},
	[Q_FORM] = {"0302", "数据格式合规性", "compliant form", "accuracy", false},
	[Q_DUPLICATES] = {"0303", "数据重复率", "duplicated elements", "accuracy", true},
	[Q_UNIQUE] = {"0304", "数据唯一性", "unique elements", "accuracy", false},
	[Q_DIRTY] = {"0305", "脏数据出现率", "dirty elements", "accuracy", true},
	[Q_SAME] = {"0401", "相同数据一致性", "same data agree", "consistency", false},
	[Q_RELATED] = {"0402", "关联数据一致性", "related data agree", "consistency", false},
	[Q_PERIOD] = {"0501", "基于时间段的正确性", "within the period", "timeliness", false},
	[Q_TIMELY] = {"0502", "基于时间点及时性", "timely", "timeliness", false},
	[Q_ORDER] = {"0503", "时序性", "in order of time", "timeliness", false},
	[Q_ACCESS] = {"0601", "可访问", "accessible", "accessibility", false},
	[Q_USABLE] = {"0602", "可用性", "usable", "accessibility", false},
};
// clang-format on

const char *const quality_faults[FAULTS] = {"missing", "characters", "format", "check", "type",
	"pattern", "range", "length", "scale", "value", "list", "security", "same", "period",
	"order", "reference"};
