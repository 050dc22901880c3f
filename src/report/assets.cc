#include "report/assets.h"

#include "base/asset.h"

NORMSCOPE_ASSET(bokeh, NORMSCOPE_BOKEH)
NORMSCOPE_ASSET(bokeh_api, NORMSCOPE_BOKEH_API)
NORMSCOPE_ASSET(page_html, NORMSCOPE_PAGE "/page.html")
NORMSCOPE_ASSET(page_css, NORMSCOPE_PAGE "/page.css")
NORMSCOPE_ASSET(page_js, NORMSCOPE_PAGE "/page.js")
