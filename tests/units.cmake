# Where a preset says so: only these folders, and not these cases.
set(MLSCRIBE_TEST_FOLDERS "" CACHE STRING "The folders whose tests are compiled; all where it is empty")
set(MLSCRIBE_LEFT_OUT_CASES "" CACHE STRING "Boost.Test's patterns for cases that do not run")
set(MLSCRIBE_TEST_STANDARD 17 CACHE STRING "The C++ standard of the tests; those that need a newer one have that")
# While one file is worked at, OFF compiles only that again.
option(MLSCRIBE_TEST_BATCHES "Compile the tests many files at once: the whole is done sooner" ON)
option(MLSCRIBE_MEMCHECK "Run the tests under valgrind's memcheck, but for memcheck/left_out.txt" OFF)
set(mlscribe_launcher "")
set(mlscribe_timeout 600)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize")
    set(mlscribe_timeout 1200)  # which makes programs several times as slow
endif()
if(MLSCRIBE_MEMCHECK)
    find_program(MLSCRIBE_VALGRIND valgrind REQUIRED)
    set(mlscribe_launcher "${CMAKE_CURRENT_SOURCE_DIR}/memcheck/memcheck.sh" "${MLSCRIBE_VALGRIND}")
    set(mlscribe_timeout 3600)
    set(left_out "${CMAKE_CURRENT_SOURCE_DIR}/memcheck/left_out.txt")
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${left_out}")
    file(STRINGS "${left_out}" left_out REGEX "^[^#]")
    list(APPEND MLSCRIBE_LEFT_OUT_CASES ${left_out})
    target_sources(mlscribe_test_main PRIVATE memcheck/leaks.cpp)
endif()

# mlscribe_test_sources(<result> <folder> <pattern>): the tests of a folder; under -fno-exceptions
# without those that throw or expect it.
function(mlscribe_test_sources result folder pattern)
    set(${result} "" PARENT_SCOPE)
    if(MLSCRIBE_TEST_FOLDERS AND NOT folder IN_LIST MLSCRIBE_TEST_FOLDERS)
        return()
    endif()
    file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/${pattern}")
    if(CMAKE_CXX_FLAGS MATCHES "-fno-exceptions")
        foreach(source IN LISTS sources)
            file(STRINGS "${source}" throws REGEX "throw |catch \\(|_THROW|_EXCEPTION\\(")
            if(throws)
                list(REMOVE_ITEM sources "${source}")
            endif()
        endforeach()
    endif()
    set(${result} "${sources}" PARENT_SCOPE)
endfunction()

# mlscribe_test_batch(<result> <name> <source>...): one file that includes them all, so that what they
# use of the library is compiled once. Each stands in a namespace of its own, behind what any of them
# includes; but not those that specialise a template of the library, which cannot.
function(mlscribe_test_batch result name)
    set(${result} "${ARGN}" PARENT_SCOPE)
    if(NOT MLSCRIBE_TEST_BATCHES)
        return()
    endif()
    set(includes "")
    set(body "")
    set(alone "")
    foreach(source IN LISTS ARGN)
        file(STRINGS "${source}" specialised REGEX "^struct mlscribe::")
        if(specialised)
            list(APPEND alone "${source}")
            continue()
        endif()
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${source}")
        cmake_path(GET source PARENT_PATH directory)
        cmake_path(GET source STEM file)
        file(STRINGS "${source}" lines REGEX "^# *include ")
        foreach(line IN LISTS lines)
            string(REGEX MATCH "\"(.+)\"" beside "${line}")
            if(beside AND EXISTS "${directory}/${CMAKE_MATCH_1}")
                set(line "#include \"${directory}/${CMAKE_MATCH_1}\"")
            endif()
            list(APPEND includes "${line}")
        endforeach()
        string(APPEND body "namespace in_${file} {\n#include \"${source}\"\n}\n")
    endforeach()
    list(REMOVE_DUPLICATES includes)
    list(JOIN includes "\n" includes)
    set(batch "${CMAKE_CURRENT_BINARY_DIR}/batches/${name}.cpp")
    file(CONFIGURE OUTPUT "${batch}" @ONLY CONTENT "@includes@\n\n@body@")
    # It takes the files for headers.
    set_source_files_properties("${batch}" PROPERTIES
        COMPILE_OPTIONS "$<$<CXX_COMPILER_ID:GNU>:-Wno-subobject-linkage>")
    set(${result} "${batch};${alone}" PARENT_SCOPE)
endfunction()

# What matrix.sh builds.
add_custom_target(unit_tests)

# mlscribe_test_program(<name> <C++ standard> <source>...)
function(mlscribe_test_program name standard)
    if(MLSCRIBE_TEST_STANDARD GREATER standard)
        set(standard ${MLSCRIBE_TEST_STANDARD})
    endif()
    add_executable(${name}_test ${ARGN})
    add_dependencies(unit_tests ${name}_test)
    set_target_properties(${name}_test PROPERTIES
        CXX_STANDARD ${standard} CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
    target_include_directories(${name}_test PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}")
    target_link_libraries(${name}_test PRIVATE mlscribe::mlscribe mlscribe_test_main)
endfunction()

# mlscribe_test_entry(<name> <program> [<argument>...]): one entry of ctest.
function(mlscribe_test_entry name program)
    set(left_out ${MLSCRIBE_LEFT_OUT_CASES})
    list(TRANSFORM left_out PREPEND "--run_test=!")
    add_test(NAME ${name} COMMAND ${mlscribe_launcher} $<TARGET_FILE:${program}_test>
             --report_level=short ${ARGN} ${left_out})
    set_tests_properties(${name} PROPERTIES
        LABELS unit
        TIMEOUT ${mlscribe_timeout}
        FIXTURES_REQUIRED golden
        ENVIRONMENT "${mlscribe_test_environment}"
        ENVIRONMENT_MODIFICATION "${mlscribe_clean_environment}")
endfunction()

# mlscribe_folders(<program> <C++ standard> <suffix> <folder>...): what each folder's headers do. One
# program for all of them, and one entry of ctest each, which ends in the suffix and runs the suites
# <folder>_<file>.
function(mlscribe_folders program standard suffix)
    set(all "")
    foreach(folder IN LISTS ARGN)
        mlscribe_test_sources(sources ${folder} "*_test.cpp")
        list(APPEND all ${sources})
        if(sources)
            mlscribe_test_entry(${folder}${suffix} ${program} "--run_test=${folder}_*")
        endif()
    endforeach()
    if(all)
        mlscribe_test_batch(batch ${program} ${all})
        mlscribe_test_program(${program} ${standard} ${batch})
    endif()
endfunction()

set(pictures "")
if(PNG_FOUND)
    set(pictures image)
endif()
mlscribe_folders(foundation 17 "" config error layout file reflect)
mlscribe_folders(writing 17 "" journal store metric param tag run)
mlscribe_folders(output 17 "" artifact registry model dataset table flavor figure ${pictures})
mlscribe_folders(reading 17 "" query hpc monitor report doctor)
# What differs between the two standards: reflection without a macro.
mlscribe_folders(reflection 20 _cxx20 reflect param)

# mlscribe_cases(<name> <source>...): a program of its own for what a user does.
function(mlscribe_cases name)
    if(ARGN)
        mlscribe_test_batch(batch ${name} ${ARGN})
        mlscribe_test_program(${name} 17 ${batch})
        mlscribe_test_entry(${name} ${name})
    endif()
endfunction()
mlscribe_test_sources(sources reported "*.cpp")
mlscribe_cases(reported ${sources})

# Two programs of one folder, which run beside each other: of what a process goes through, and of how
# it ends and what comes after it.
mlscribe_test_sources(sources scenario "*.cpp")
set(planned_calls "${CMAKE_CURRENT_SOURCE_DIR}/scenario/planned_calls.cpp")
set(planned_memory "${CMAKE_CURRENT_SOURCE_DIR}/scenario/planned_memory.cpp")
list(REMOVE_ITEM sources "${planned_calls}" "${planned_memory}")
set(ends ${sources})
list(FILTER ends INCLUDE REGEX
     "/(captured_output|ended_processes|forked_children|job_runs|killed_.*|late_ranks|out_of_memory|requeued_.*|resumed_runs|signals_under_load|stopped_repairs)\\.cpp$")
list(REMOVE_ITEM sources ${ends})
mlscribe_cases(scenario ${sources})
mlscribe_cases(ends ${ends})
foreach(program scenario ends)
    if(TARGET ${program}_test)
        # Takes the C library's place.
        target_sources(${program}_test PRIVATE "${planned_calls}")
        if(program STREQUAL scenario)
            target_sources(${program}_test PRIVATE "${planned_memory}")
        endif()
        # ctest begins with what takes longest, so that nothing is left to run alone.
        set_tests_properties(${program} PROPERTIES COST 300)
    endif()
endforeach()

# What stands in for NVIDIA's library. Sanitizers know no calls of C by other types.
add_library(nvml_stand_in MODULE monitor/nvml_stand_in.cpp)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    target_compile_options(nvml_stand_in PRIVATE -fno-sanitize=all)
endif()
if(TARGET reading_test)
    add_dependencies(reading_test nvml_stand_in)
    target_compile_definitions(reading_test PRIVATE "MLSCRIBE_NVML_STAND_IN=\"$<TARGET_FILE:nvml_stand_in>\"")
    target_link_libraries(reading_test PRIVATE ${CMAKE_DL_LIBS})
endif()
# One header draws with libpng.
if(TARGET output_test AND PNG_FOUND)
    target_link_libraries(output_test PRIVATE PNG::PNG)
endif()

# What is asked of a tracking server, and of one that stands in for it.
if(mlscribe_can_sync)
    mlscribe_folders(sync 17 "" sync)
    if(TARGET sync_test)
        target_link_libraries(sync_test PRIVATE CURL::libcurl nlohmann_json::nlohmann_json)
    endif()
    # Python's servers speak TLS, too.
    add_executable(ask_server sync/ask_server.cpp)
    target_link_libraries(ask_server PRIVATE mlscribe::mlscribe CURL::libcurl nlohmann_json::nlohmann_json)
    find_program(MLSCRIBE_PYTHON python3 REQUIRED)
    add_test(NAME sync.tls COMMAND "${MLSCRIBE_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/sync/tls_test.py")
    set_tests_properties(sync.tls PROPERTIES
        TIMEOUT 600
        ENVIRONMENT "${mlscribe_test_environment};MLSCRIBE_ASK_SERVER=$<TARGET_FILE:ask_server>")
endif()

# More signals than the tests have time for.
if(TARGET ends_test)
    add_custom_target(signal_campaign
        COMMAND "${CMAKE_COMMAND}" -E env MLSCRIBE_TEST_SIGNALS=500
                $<TARGET_FILE:ends_test> --run_test=signals_under_load
        USES_TERMINAL VERBATIM)
    add_dependencies(signal_campaign ends_test)
endif()

# Every path of a store, not only the usual ones, becomes a link.
if(TARGET scenario_test)
    add_custom_target(all_planted_links
        COMMAND "${CMAKE_COMMAND}" -E env MLSCRIBE_TEST_ALL_PATHS=1
                $<TARGET_FILE:scenario_test> --run_test=replaced_paths
        USES_TERMINAL VERBATIM)
    add_dependencies(all_planted_links scenario_test)
endif()
