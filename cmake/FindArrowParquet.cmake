# FindArrowParquet: Arrow and Parquet C++, with shared libraries.
#
# Takes the system's own (CMake packages Arrow and Parquet), else what scripts/fetch-arrow unpacked
# from the PyPI package pyarrow into normscope's cache, or the folder ArrowParquet_ROOT. Gives
#   ArrowParquet::ArrowParquet      what to link
#   ArrowParquet_VERSION
#   ArrowParquet_RUNTIME_LIBRARIES  files to install beside what links it (none for the system's own)
# The unpacked libraries are linked into ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/normscope, so that a build runs without the cache.

if(NOT ArrowParquet_ROOT)
  find_package(Arrow CONFIG QUIET)
  find_package(Parquet CONFIG QUIET)
endif()

set(ArrowParquet_LIBRARIES)
set(ArrowParquet_RUNTIME_LIBRARIES)
if(TARGET Arrow::arrow_shared AND TARGET Parquet::parquet_shared
   AND NOT "${Arrow_VERSION}" VERSION_LESS "${ArrowParquet_FIND_VERSION}")
  set(ArrowParquet_VERSION ${Arrow_VERSION})
  set(ArrowParquet_LIBRARIES Parquet::parquet_shared Arrow::arrow_shared)
else()
  if(NOT "$ENV{NORMSCOPE_CACHE}" STREQUAL "")
    set(cache $ENV{NORMSCOPE_CACHE})
  elseif(NOT "$ENV{XDG_CACHE_HOME}" STREQUAL "")
    set(cache $ENV{XDG_CACHE_HOME}/normscope)
  else()
    set(cache $ENV{HOME}/.cache/normscope)
  endif()
  file(GLOB unpacked LIST_DIRECTORIES true ${cache}/arrow/pyarrow-*)
  list(SORT unpacked COMPARE NATURAL ORDER DESCENDING)
  unset(config)
  find_file(config include/arrow/util/config.h PATHS ${ArrowParquet_ROOT} ${unpacked}
            NO_CACHE NO_DEFAULT_PATH)
  if(config)
    cmake_path(GET config PARENT_PATH folder)
    cmake_path(SET folder NORMALIZE ${folder}/../../..)
    file(STRINGS ${config} defines REGEX "^#define ARROW_")
    string(REGEX REPLACE ".*#define ARROW_VERSION_STRING \"([^\"]+)\".*" "\\1" ArrowParquet_VERSION "${defines}")
    string(REGEX REPLACE ".*#define ARROW_SO_VERSION \"([^\"]+)\".*" "\\1" so_version "${defines}")
    set(lib ${CMAKE_LIBRARY_OUTPUT_DIRECTORY}/normscope)
    file(MAKE_DIRECTORY ${lib})
    foreach(library arrow parquet)
      set(file lib${library}.so.${so_version})
      file(CREATE_LINK ${folder}/${file} ${lib}/${file} COPY_ON_ERROR)
      add_library(ArrowParquet::${library} SHARED IMPORTED)
      set_target_properties(ArrowParquet::${library} PROPERTIES
        IMPORTED_LOCATION ${lib}/${file} INTERFACE_INCLUDE_DIRECTORIES ${folder}/include)
      list(APPEND ArrowParquet_RUNTIME_LIBRARIES ${folder}/${file})
    endforeach()
    target_link_libraries(ArrowParquet::parquet INTERFACE ArrowParquet::arrow)
    set(ArrowParquet_LIBRARIES ArrowParquet::parquet ArrowParquet::arrow)
  endif()
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ArrowParquet
  REQUIRED_VARS ArrowParquet_LIBRARIES VERSION_VAR ArrowParquet_VERSION
  REASON_FAILURE_MESSAGE "scripts/fetch-arrow brings it")
if(ArrowParquet_FOUND AND NOT TARGET ArrowParquet::ArrowParquet)
  add_library(ArrowParquet::ArrowParquet INTERFACE IMPORTED)
  target_link_libraries(ArrowParquet::ArrowParquet INTERFACE ${ArrowParquet_LIBRARIES})
endif()
