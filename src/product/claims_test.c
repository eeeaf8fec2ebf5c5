#include "product/claims.h"

#include "base/limits.h"
#include "tests/tap.h"

static const struct {
	const char *text, *claims, *twice;
} rows[] = {
	{"", "{}", "[]"},
	{"数据授权合同\n甲方（授权方）：杭州甲公司\n统一社会信用代码：91330100799655058B\n"
	 "乙方（被授权方）：杭州乙公司（91330108MAC0DE1T0L）\n"
	 "一、授权权利：持有权、使用权和经营权\n二、授权地域：中国、新加坡。\n三、授权期限"
	 "：自2025年1月1日起至2027年12月31日止\n"
	 "四、乙方不得再许可。\n合同编号: HT-1\n签订日期：2024年12月20日\n",
		"{\"holder_uscc\":\"91330100799655058B\",\"agent_uscc\":"
		"\"91330108MAC0DE1T0L\",\"rights\":[\"hold\",\"use\","
		"\"operate\"],\"territory\":[\"中国\",\"新加坡\"],\"from\":\"2025-01-01\","
		"\"to\":\"2027-12-31\",\"sublicense\":"
		"false,\"number\":\"HT-1\",\"issued\":\"2024-12-20\"}",
		"[]"},
	{"权利类型：使用权（不含经营权）", "{\"rights\":[\"use\"]}", "[]"},
	{"合同期限：2024-02-29起三年", "{\"from\":\"2024-02-29\",\"to\":\"2027-02-28\"}", "[]"},
	{"授权期限：自2025.3.1起10年", "{\"from\":\"2025-03-01\",\"to\":\"2035-02-28\"}", "[]"},
	{"营业期限：2015-06-01至长期", "{\"from\":\"2015-06-01\"}", "[]"},
	{"有效期：至20300101", "{\"to\":\"2030-01-01\"}", "[]"},
	{"Valid to: 2030-01-01\nValid from: 2025/1/2\nIssuer: Bureau",
		"{\"to\":\"2030-01-01\",\"from\":\"2025-01-02\",\"issuer\":\"Bureau\"}", "[]"},
	{"列入失信名单：否\n登记状态：存续", "{\"illegal_listed\":false,\"status\":\"存续\"}",
		"[]"},
	{"公开状态：公开\n绕过技术措施：无\n爬虫协议：允许",
		"{\"public_at_time\":true,\"bypassed\":false,\"robots\":\"允许\",\"robots_"
		"allowed\":true}",
		"[]"},
	{"再许可\t允许", "{\"sublicense\":true}", "[]"},
	{"指标数：20 项\nk值：5", "{\"indicators\":20,\"k\":5}", "[]"},
	{"Sublicense: unknown\nSubstitutes: anonymous\nRights: house, use",
		"{\"rights\":[\"use\"]}", "[]"},
	{"编号：A\n编号：B\n编号：A", "{\"number\":\"A\"}", "[]"},
	{"再许可：允许\n第五条 乙方不得再许可。", "{\"sublicense\":true}", "[\"sublicense\"]"},
	{"登记状态：存续（在营、开业、在册）", "{\"status\":\"存续\"}", "[]"},
	{"登记状态：吊销（未注销）", "{\"status\":\"吊销（未注销）\"}", "[]"},
	{"第二条 甲方授予乙方对标的数据的持有权、使用权。\n第三条 "
	 "本许可的地域范围为中国、新加坡。\n本许可期限自2025年1月1日起至2026年12月31日止。",
		"{\"rights\":[\"hold\",\"use\"],\"territory\":[\"中国\",\"新加坡\"],"
		"\"from\":\"2025-01-01\",\"to\":\"2026-12-31\"}",
		"[]"},
	{"本数据由本单位通过 MCG-36 自行采集。", "{\"system\":\"MCG-36\"}", "[]"},
	{"本次评估于2026年3月1日完成。\n同意用于算法研究、质量改进。",
		"{\"issued\":\"2026-03-01\",\"purposes\":[\"算法研究\",\"质量改进\"]}", "[]"},
	{"权利归属：归委托方，受托方不得自行使用", "{\"grants_rights\":false}", "[]"},
	{"日期：昨天\n有效期：近期\n什么也没有：x\n：\nabc", "{}", "[]"},
	{"签署日期：2025年13月1日\n报告日期：2025年2月30日", "{}", "[]"},
};

int main(void)
{
	struct ctx c = {.arena = arena_new(16u << 20)};
	for (size_t i = 0; i < countof(rows); i++) {
		struct json *got = NULL, *twice = NULL;
		struct str a = {"", 0}, b = {"", 0};
		ok(claims_read(&c, str_z(rows[i].text), &got, &twice) == OK &&
				json_write(&c, got, false, 65536, &a) == OK &&
				json_write(&c, twice, false, 65536, &b) == OK,
			"paper %zu is read", i);
		is_str(arena_z(c.arena, a), rows[i].claims, "claims of %zu", i);
		is_str(arena_z(c.arena, b), rows[i].twice, "said twice in %zu", i);
	}
	struct json *got, *twice;
	char *big = arena_alloc(c.arena, LIMIT_CLAIMS_TEXT + 1);
	is_int(claims_read(&c, (struct str){big, LIMIT_CLAIMS_TEXT + 1}, &got, &twice),
		ERR_TOO_LARGE, "a limit");
	arena_free(c.arena);
	return done_testing();
}
