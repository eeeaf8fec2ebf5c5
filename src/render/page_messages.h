/* The words that the page itself adds. */
#pragma once

#define PAGE_OF "第 %d 页 / 共 %d 页"
