#pragma once

#include <functional>
#include <string>
#include <string_view>

namespace normscope {

/// Bytes as text of an HTML element or of a quoted attribute: valid UTF-8 without what HTML does
/// not allow (control characters), and with nothing that begins a tag, an entity or ends a quote.
std::string html_text(std::string_view text);

/// JSON inside a script element, where "<" could end the element.
std::string json_in_script(std::string_view json);

/// `text` with each {{name}} replaced by what `value` gives for the name. What is put in is not
/// looked at again. Throws std::logic_error for braces that are not closed.
std::string fill(std::string_view text, const std::function<std::string(std::string_view)>& value);

}  // namespace normscope
