/* The words that the page itself adds to a sheet: the number of the page and of all pages. */
#pragma once

#define PAGE_OF "第 %d 页 / 共 %d 页"
