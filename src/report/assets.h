#pragma once

#include <string_view>

/// Files that are part of the program, byte for byte.
namespace normscope::assets {

std::string_view bokeh();
std::string_view bokeh_api();
std::string_view page_html();
std::string_view page_css();
std::string_view page_js();

}  // namespace normscope::assets
