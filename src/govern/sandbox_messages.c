#include "govern/sandbox_messages.h"

// clang-format off
const struct sandbox_words sandbox_words[SANDBOX_STATES] = {
	[SANDBOX_DRAFT] = {"草稿", "draft"},
	[SANDBOX_SUBMITTED] = {"已提交", "submitted"},
	[SANDBOX_FORM_CHECK] = {"形式审查", "form check"},
	[SANDBOX_RETURNED] = {"退回补正", "returned to be completed"},
	[SANDBOX_COMMITTEE] = {"委员会评议", "before the committee"},
	[SANDBOX_REJECTED] = {"不予入箱", "not admitted"},
	[SANDBOX_ADMITTED] = {"准予入箱", "admitted"},
	[SANDBOX_TEST_PLAN_AGREED] = {"测试方案已定", "test plan agreed"},
	[SANDBOX_PUBLIC_NOTICE] = {"公示", "public notice"},
	[SANDBOX_TESTING] = {"测试中", "testing"},
	[SANDBOX_INCIDENT] = {"发生事件", "incident"},
	[SANDBOX_SUSPENDED] = {"暂停", "suspended"},
	[SANDBOX_RESUMED] = {"恢复测试", "testing resumed"},
	[SANDBOX_TERMINATED] = {"终止", "terminated"},
	[SANDBOX_SELF_REPORT] = {"自评报告", "self-report"},
	[SANDBOX_EVALUATION] = {"评价", "evaluation"},
	[SANDBOX_EXIT_PROMOTED] = {"出箱并提出规则建议", "left, with a rule proposal"},
	[SANDBOX_EXIT_NORMAL] = {"正常出箱", "left"},
	[SANDBOX_EXTENDED] = {"延期测试", "testing extended"},
	[SANDBOX_EXIT_STOPPED] = {"停止出箱", "stopped"},
	[SANDBOX_ARCHIVED] = {"归档", "archived"},
};

const char sandbox_facts[] =
	"{\"facts\":["
	"{\"name\":\"subjects\",\"type\":\"int\",\"zh\":\"已交付的不同主体数\",\"en\":\"distinct subjects delivered\"},"
	"{\"name\":\"records\",\"type\":\"int\",\"zh\":\"已交付的记录数\",\"en\":\"records delivered, over all deliveries\"},"
	"{\"name\":\"deliveries\",\"type\":\"int\",\"zh\":\"已开始的交付次数\",\"en\":\"deliveries begun\"},"
	"{\"name\":\"value\",\"type\":\"int\",\"zh\":\"合同净额(分)\",\"en\":\"net value of agreements, fen\"},"
	"{\"name\":\"counterparties\",\"type\":\"int\",\"zh\":\"不同相对方数\",\"en\":\"distinct counterparties\"},"
	"{\"name\":\"days\",\"type\":\"int\",\"zh\":\"测试已进行天数\",\"en\":\"days since the test began\"},"
	"{\"name\":\"complaints\",\"type\":\"int\",\"zh\":\"异议与投诉数\",\"en\":\"objections and complaints\"},"
	"{\"name\":\"complaints.open\",\"type\":\"int\",\"zh\":\"未答复的异议与投诉数\",\"en\":\"objections and complaints not answered\"},"
	"{\"name\":\"incidents\",\"type\":\"int\",\"zh\":\"事件数\",\"en\":\"incidents\"}"
	"],\"kinds\":[],\"claims\":[]}";

const struct sandbox_words sandbox_statement = {
	"本文件由案件各项行为自动汇集,用以证明履行了何种程序(尽职免责的程序证据);不构成、也不承诺任何免责或豁免。",
	"This file is assembled from the acts of the case. It is offered as evidence of which procedure was followed, never as immunity."};
// clang-format on
