# One layer: a static library of all that its folder lists, with PRIVATE links (tools/lint/layers.py holds
# the table of who may include whom).
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()

add_library(confab_options INTERFACE)
target_include_directories(confab_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(confab_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion
  -Wnon-virtual-dtor -Woverloaded-virtual -Wimplicit-fallthrough
  # Leaving out what has a default is how tables and options are written here.
  -Wno-missing-designated-field-initializers)
if(CONFAB_WARNINGS_AS_ERRORS)
  target_compile_options(confab_options INTERFACE -Werror)
endif()

function(confab_layer name)
  cmake_parse_arguments(ARG "" "" "SOURCES;USES" ${ARGN})
  add_library(confab_${name} STATIC ${ARG_SOURCES})
  target_link_libraries(confab_${name} PRIVATE confab_options ${ARG_USES})
endfunction()
