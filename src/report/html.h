#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace normscope {

/// Bytes as text of an HTML element or of a quoted attribute: valid UTF-8 without the control
/// characters that HTML forbids, and with nothing that begins a tag or an entity or ends a quote.
std::string html_text(std::string_view text);

/// JSON inside a script element, where "<" could end the element.
std::string json_in_script(std::string_view json);

/// `text` with each {{name}} replaced by `value` of the name. Replacements are not searched again.
/// Throws std::logic_error for braces that are not closed.
std::string fill(std::string_view text, const std::function<std::string(std::string_view)>& value);

}  // namespace normscope
