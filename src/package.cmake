# SPDX-License-Identifier: MIT
# `cpack -G DEB`: the one package, with what `cmake --install` puts into place. Its dependencies are told by
# dpkg-shlibdeps, from the libraries that the files are linked with.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME nexus)
set(CPACK_PACKAGE_VENDOR "The Nexus authors")
# Debian wants an address. There is none, and this one says so: nobody will ever have it (RFC 2606, section 2).
set(CPACK_PACKAGE_CONTACT "The Nexus authors <nobody@nexus.invalid>")
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "keeps a folder of notes and an SQLite database in step")
set(CPACK_PACKAGE_DESCRIPTION
"A vault is a folder of Markdown notes with YAML front matter, and of JSON
files. Nexus keeps an SQLite database of what they say in it: a save in any
editor is a row a moment later, and an UPDATE in the plain sqlite3 shell
edits the file.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION utils)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS sqlite3)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_VERBATIM_VARIABLES ON)

# Where Debian has the licence and what is new.
configure_file("${PROJECT_SOURCE_DIR}/LICENSE" "${PROJECT_BINARY_DIR}/package/copyright" COPYONLY)
add_custom_command(OUTPUT "${PROJECT_BINARY_DIR}/package/NEWS.gz"
  COMMAND ${GZIP} -9nc "${PROJECT_SOURCE_DIR}/CHANGELOG.md" > "${PROJECT_BINARY_DIR}/package/NEWS.gz"
  DEPENDS "${PROJECT_SOURCE_DIR}/CHANGELOG.md" VERBATIM)
add_custom_target(nexus_package ALL DEPENDS "${PROJECT_BINARY_DIR}/package/NEWS.gz")
install(FILES "${PROJECT_BINARY_DIR}/package/copyright" "${PROJECT_BINARY_DIR}/package/NEWS.gz"
  DESTINATION ${CMAKE_INSTALL_DOCDIR})
include(CPack)
