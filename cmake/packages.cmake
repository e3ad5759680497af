# Every third-party package, all from Debian 12. A layer names the targets it needs.
find_package(Threads REQUIRED)
find_package(OpenSSL 3 REQUIRED)
find_package(ZLIB REQUIRED)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
find_package(prometheus-cpp REQUIRED)
find_package(Boost 1.81 REQUIRED)

# Takes the place of the C library's malloc in the program that links it (docs/adr/0011-mimalloc.md). A
# sanitizer brings one of its own.
add_library(confab_malloc INTERFACE)
if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
  find_package(mimalloc REQUIRED)
  target_link_libraries(confab_malloc INTERFACE mimalloc)
endif()

find_package(PkgConfig REQUIRED)
pkg_check_modules(tomlplusplus REQUIRED IMPORTED_TARGET tomlplusplus)
find_package(CLI11 REQUIRED)

# The static library: faster than the shared one, and its FileSystemWrapper links, which crash tests need.
add_library(confab_rocksdb INTERFACE)
target_link_libraries(confab_rocksdb INTERFACE -l:librocksdb.a snappy bz2 lz4 zstd z dl Threads::Threads)
