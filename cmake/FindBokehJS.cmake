# FindBokehJS: the scripts that draw the charts of report.html, which scripts/fetch-bokeh unpacked
# from the PyPI package bokeh into normscope's cache, or those in the folder BokehJS_ROOT. Gives
#   BokehJS_SCRIPT      bokeh.min.js
#   BokehJS_API_SCRIPT  bokeh-api.min.js

if(NOT "$ENV{NORMSCOPE_CACHE}" STREQUAL "")
  set(cache $ENV{NORMSCOPE_CACHE})
elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
  set(cache $ENV{XDG_CACHE_HOME}/normscope)
else()
  set(cache $ENV{HOME}/.cache/normscope)
endif()
file(GLOB unpacked LIST_DIRECTORIES true ${cache}/bokeh/bokeh-*)
list(SORT unpacked COMPARE NATURAL ORDER DESCENDING)
unset(BokehJS_SCRIPT)
unset(BokehJS_API_SCRIPT)
find_file(BokehJS_SCRIPT bokeh.min.js PATHS ${BokehJS_ROOT} ${unpacked} NO_CACHE NO_DEFAULT_PATH)
find_file(BokehJS_API_SCRIPT bokeh-api.min.js PATHS ${BokehJS_ROOT} ${unpacked}
          NO_CACHE NO_DEFAULT_PATH)

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(BokehJS REQUIRED_VARS BokehJS_SCRIPT BokehJS_API_SCRIPT
  REASON_FAILURE_MESSAGE "scripts/fetch-bokeh brings it")
