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
set(CPACK_VERBATIM_VARIABLES ON)

# Where Debian has the licence and what is new. Its own changelog wants a date: SOURCE_DATE_EPOCH sets it.
set(package "${PROJECT_BINARY_DIR}/package")
configure_file("${PROJECT_SOURCE_DIR}/LICENSE" "${package}/copyright" COPYONLY)
string(TIMESTAMP now "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(CONFIGURE OUTPUT "${package}/changelog" @ONLY CONTENT
"nexus (@PROJECT_VERSION@) unstable; urgency=medium

  * What users see of it is told in NEWS.gz.

 -- @CPACK_PACKAGE_CONTACT@  @now@
")
add_custom_command(OUTPUT "${package}/NEWS.gz" "${package}/changelog.gz"
  COMMAND ${GZIP} -9nc "${PROJECT_SOURCE_DIR}/CHANGELOG.md" > "${package}/NEWS.gz"
  COMMAND ${GZIP} -9nc "${package}/changelog" > "${package}/changelog.gz"
  DEPENDS "${PROJECT_SOURCE_DIR}/CHANGELOG.md" "${package}/changelog" VERBATIM)
add_custom_target(nexus_package ALL DEPENDS "${package}/NEWS.gz" "${package}/changelog.gz")
install(FILES "${package}/copyright" "${package}/NEWS.gz" "${package}/changelog.gz"
  DESTINATION ${CMAKE_INSTALL_DOCDIR})

# Who links with the library needs this package, and the loader is told of it. That one package holds program, library
# and headers is meant; that ldconfig is called, too, is CPack's doing.
file(WRITE "${package}/shlibs" "libnexus ${PROJECT_VERSION_MAJOR} nexus (>= ${PROJECT_VERSION})\n")
file(WRITE "${package}/triggers" "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA "${package}/shlibs;${package}/triggers")
file(WRITE "${package}/overrides" "nexus: link-to-shared-library-in-wrong-package
nexus: maintscript-calls-ldconfig
nexus: package-name-doesnt-match-sonames
")
install(FILES "${package}/overrides" DESTINATION ${CMAKE_INSTALL_DATADIR}/lintian/overrides RENAME nexus)
include(CPack)
