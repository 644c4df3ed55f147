# What `cmake --install` puts where. The installed tree can be moved: nothing in it but
# the fallback path of tessera-ask names the prefix.

include(CMakePackageConfigHelpers)

set(with_clblast OFF)
if(TARGET tessera::clblast)
    set(with_clblast ON)
endif()
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/tessera)

# The libraries and headers, as targets.
install(TARGETS tessera tessera_static tessera_blas EXPORT tesseraTargets
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR}
    ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(DIRECTORY include/tessera DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}
    FILES_MATCHING PATTERN "*.h")
install(TARGETS tessera-ask
    RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/tessera)

# find_package(tessera)
install(EXPORT tesseraTargets NAMESPACE tessera:: DESTINATION ${package_dir})
configure_package_config_file(cmake/tesseraConfig.cmake.in
    ${PROJECT_BINARY_DIR}/package/tesseraConfig.cmake
    INSTALL_DESTINATION ${package_dir})
# While the major version is 0, a new minor version may break what used the last one.
if(PROJECT_VERSION_MAJOR EQUAL 0)
    set(compatible SameMinorVersion)
else()
    set(compatible SameMajorVersion)
endif()
write_basic_package_version_file(
    ${PROJECT_BINARY_DIR}/package/tesseraConfigVersion.cmake
    COMPATIBILITY ${compatible})
install(FILES
    ${PROJECT_BINARY_DIR}/package/tesseraConfig.cmake
    ${PROJECT_BINARY_DIR}/package/tesseraConfigVersion.cmake
    cmake/tesseraCLBlast.cmake
    DESTINATION ${package_dir})

# pkg-config tessera, and tessera-blas
file(RELATIVE_PATH pc_prefix
    ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
string(REGEX REPLACE "/$" "" pc_prefix "${pc_prefix}")
set(pc_libs_private "-lpthread -lm")
if(CMAKE_DL_LIBS)
    string(APPEND pc_libs_private " -l${CMAKE_DL_LIBS}")
endif()
if(with_clblast)
    string(PREPEND pc_libs_private "-lclblast ")
endif()
configure_file(cmake/tessera.pc.in ${PROJECT_BINARY_DIR}/package/tessera.pc @ONLY)
configure_file(cmake/tessera-blas.pc.in ${PROJECT_BINARY_DIR}/package/tessera-blas.pc
    @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/package/tessera.pc
              ${PROJECT_BINARY_DIR}/package/tessera-blas.pc
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# Manual pages
foreach(section 1 7)
    file(GLOB man_pages CONFIGURE_DEPENDS man/*.${section})
    install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endforeach()
