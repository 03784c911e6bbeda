# SPDX-License-Identifier: MIT
# What `cmake --install` puts where: the program with its manual page and completions, which it writes
# itself, and the library with what pkg-config and CMake need to find it.

set(share "${PROJECT_BINARY_DIR}/share")
file(MAKE_DIRECTORY "${share}")
find_program(GZIP gzip REQUIRED)
add_custom_command(OUTPUT "${share}/nexus.1.gz"
  COMMAND nexus help --man > "${share}/nexus.1"
  COMMAND ${GZIP} -9nf "${share}/nexus.1"
  DEPENDS nexus VERBATIM)
set(written "${share}/nexus.1.gz")
foreach(shell IN ITEMS bash zsh fish)
  add_custom_command(OUTPUT "${share}/nexus.${shell}"
    COMMAND nexus completion ${shell} > "${share}/nexus.${shell}"
    DEPENDS nexus VERBATIM)
  list(APPEND written "${share}/nexus.${shell}")
endforeach()
add_custom_target(nexus_share ALL DEPENDS ${written})

install(TARGETS nexus)
install(TARGETS nexus_shared EXPORT nexus-targets)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/include/nexus" DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(FILES "${share}/nexus.1.gz" DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
install(FILES "${share}/nexus.bash" DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME nexus)
install(FILES "${share}/nexus.zsh" DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions RENAME _nexus)
install(FILES "${share}/nexus.fish" DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
install(FILES "${PROJECT_SOURCE_DIR}/tests/library/example.c" "${PROJECT_SOURCE_DIR}/tests/library/CMakeLists.txt"
  DESTINATION ${CMAKE_INSTALL_DOCDIR}/examples)

# Found from where nexus.pc lies, so that the tree can be installed anywhere.
file(RELATIVE_PATH prefix_from_pc "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" prefix_from_pc "${prefix_from_pc}")
configure_file(nexus.pc.in "${PROJECT_BINARY_DIR}/nexus.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/nexus.pc" DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

include(CMakePackageConfigHelpers)
set(package ${CMAKE_INSTALL_LIBDIR}/cmake/nexus)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/nexus-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(FILES "${PROJECT_BINARY_DIR}/nexus-config-version.cmake" DESTINATION ${package})
install(EXPORT nexus-targets NAMESPACE nexus:: FILE nexus-config.cmake DESTINATION ${package})
