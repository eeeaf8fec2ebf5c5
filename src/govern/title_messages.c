/* Kinds of certificates of title: names, issuers, terms, registers of pledges. A register discloses (登记公示): what it does to the
 * right itself is not said. */
#include "govern/title.h"

// clang-format off
const struct title_kind title_kinds[] = {
	{"data-title", "数据产权登记凭证", "certificate of data title registration", "数据产权登记机构", 5,
		"中国人民银行征信中心动产融资统一登记公示系统（登记公示）", "unified register of movable financing (disclosure)"},
	{"data-ip", "数据知识产权登记证书", "data intellectual property certificate", "省级知识产权登记机构", 3,
		"知识产权质押登记（由登记机构说明）", "register of intellectual property pledges, as its office says"},
	{"exchange", "数据交易所产品证书", "exchange product certificate", "数据交易场所", 0,
		"无专门登记，按合同约定", "none of its own: by contract"},
	{NULL, NULL, NULL, NULL, 0, NULL, NULL},
};
// clang-format on
