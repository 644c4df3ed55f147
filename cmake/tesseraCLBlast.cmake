# Defines tessera::clblast if CLBlast is here. Used by the build and, installed, by
# tesseraConfig.cmake: what a static libtessera.a needs is looked up where it is linked.
#
# Not find_package(CLBlast): its package has no version file and names OpenCL by a path
# of the machine it was built on.

find_path(TESSERA_CLBLAST_INCLUDE_DIR clblast_c.h)
find_library(TESSERA_CLBLAST_LIBRARY clblast)
mark_as_advanced(TESSERA_CLBLAST_INCLUDE_DIR TESSERA_CLBLAST_LIBRARY)
if(TESSERA_CLBLAST_INCLUDE_DIR AND TESSERA_CLBLAST_LIBRARY
   AND NOT TARGET tessera::clblast)
    add_library(tessera::clblast UNKNOWN IMPORTED)
    set_target_properties(tessera::clblast PROPERTIES
        IMPORTED_LOCATION "${TESSERA_CLBLAST_LIBRARY}"
        INTERFACE_INCLUDE_DIRECTORIES "${TESSERA_CLBLAST_INCLUDE_DIR}")
endif()
