#include "api/share_messages.h"

#include <assert.h>
#include <stddef.h>

static const char *const words[SHARE_WORDS][2] = {
	[SHARE_TITLE] = {"数据交付", "A delivery of data"},
	[SHARE_FROM] = {"提供方", "Provider"},
	[SHARE_USCC] = {"统一社会信用代码", "Unified social credit code"},
	[SHARE_PRODUCT] = {"数据产品", "Product"},
	[SHARE_REVISION] = {"版本", "Revision"},
	[SHARE_SIZE] = {"字节数", "Bytes"},
	[SHARE_TYPE] = {"文件类型", "Type"},
	[SHARE_PRICE] = {"价款(元,不含税)", "Price (CNY, net)"},
	[SHARE_TAX] = {"税额(元)", "Tax (CNY)"},
	[SHARE_FREE] = {"无偿", "free of charge"},
	[SHARE_TERMS] = {"使用条件", "Terms of use"},
	[SHARE_PURPOSE] = {"用途", "Purpose"},
	[SHARE_ONWARD] = {"再提供", "Passing on"},
	[SHARE_DISPOSAL] = {"使用后处置", "Return or destroy"},
	[SHARE_LEFT] = {"剩余次数", "Takings left"},
	[SHARE_UNTIL] = {"有效至", "Good until"},
	[SHARE_ABOUT] = {"说明", "Description"},
	[SHARE_COLUMNS] = {"预览", "Preview"},
	[SHARE_COLUMN] = {"字段", "Column"},
	[SHARE_KIND] = {"类型", "Type"},
	[SHARE_ROWS] = {"行数", "Rows"},
	[SHARE_ACCEPT] = {"接受条件并取数", "Accept the terms and take the data"},
	[SHARE_STATED] =
		{"姓名与单位按您的陈述记录,不作核验。接受时间与条件摘要记入提供方的存证日志。",
			"Name and organisation are kept as you state them and are not verified. "
			"The time and a "
			"digest of the terms enter the provider's evidence log."},
	[SHARE_NAME] = {"姓名", "Name"},
	[SHARE_ORGANISATION] = {"单位", "Organisation"},
	[SHARE_AGREE] = {"我已阅读并接受上述使用条件",
		"I have read the terms above and accept them"},
	[SHARE_TAKE] = {"接受并继续", "Accept and go on"},
	[SHARE_TAKEN] = {"已接受", "Accepted"},
	[SHARE_DOWNLOAD] = {"下载文件", "Download the file"},
	[SHARE_RESUME] = {"中断后可在浏览器的下载列表中继续,不另计次数。",
		"A broken download goes on from your browser's list; it counts once."},
	[SHARE_DIGEST] = {"SHA-256", "SHA-256"},
	[SHARE_LINES] = {"命令行与 pandas", "curl and pandas"},
	[SHARE_INVOICE] = {"数据流通凭证(“数据发票”)", "Data invoice"},
	[SHARE_INVOICE_LATER] = {"全部字节送出后开具;下载完成后请刷新本页。",
		"It is issued when all bytes have left: reload this page after the download."},
	[SHARE_INVOICE_JSON] = {"下载凭证文件(JSON)", "Download the invoice file (JSON)"},
	[SHARE_CLAIMED] = {"本凭证由提供方单方出具(单方出具):您未签名,接收由提供方陈述。",
		"The provider alone has signed this invoice (claimed): you signed nothing, and "
		"that you "
		"received the data is the provider's word."},
	[SHARE_NO_TAX] = {"本凭证不是税务发票,不得用于抵扣、税前扣除或报销。",
		"This is no tax invoice: it serves neither deduction nor reimbursement."},
	[SHARE_VERIFY] = {"离线核验", "Verify it offline"},
	[SHARE_CLOSED] = {"此链接不再可用", "This link no longer gives anything"},
	[SHARE_UNKNOWN] = {"没有这个链接。请检查地址是否完整,或向发送方索取新的链接。",
		"There is no such link. See whether the address is whole, or ask the sender for "
		"another."},
	[SHARE_INCOMPLETE] = {"请填写姓名与单位(各不超过 80 个字),并勾选接受使用条件。",
		"State a name and an organisation (80 characters each at most), and tick that you "
		"accept "
		"the terms."},
	[SHARE_OUTSIDE] =
		{"您正在聊天软件内打开此页,文件可能无法下载。请点右上角“···”,选择“在浏览器打开”。",
			"You opened this inside a chat application, which may not download files. "
			"Choose \"Open in "
			"browser\" from the menu at the top right."},
	[SHARE_OTHER_LANGUAGE] = {"English", "中文"},
};

const char *share_say(int en, enum share_word w)
{
	assert(w < SHARE_WORDS && words[w][en != 0] != NULL);
	return words[w][en != 0];
}
