# What each folder's headers do, and what a user does from start to end.
foreach(folder config error layout file journal reflect figure store metric param tag artifact registry model dataset table
               flavor run query hpc monitor report doctor)
    file(GLOB sources CONFIGURE_DEPENDS "${folder}/*_test.cpp")
    mlscribe_test(${folder} 17 ${sources})
endforeach()
file(GLOB sources CONFIGURE_DEPENDS "reported/*.cpp")
mlscribe_test(reported 17 ${sources})
# Two programs of one folder, which run beside each other: of what a process goes through, and of how
# it ends and what comes after it.
file(GLOB sources CONFIGURE_DEPENDS "scenario/*.cpp")
set(ends ${sources})
list(FILTER ends INCLUDE REGEX
     "/(captured_output|ended_processes|forked_children|job_runs|killed_.*|late_ranks|out_of_memory|requeued_.*|resumed_runs|signals_under_load|stopped_repairs)\\.cpp$")
list(REMOVE_ITEM sources ${ends})
mlscribe_test(scenario 17 ${sources})
mlscribe_test(ends 17 ${ends} "${CMAKE_CURRENT_SOURCE_DIR}/scenario/planned_calls.cpp")
target_include_directories(ends_test PRIVATE "${CMAKE_CURRENT_SOURCE_DIR}/scenario")

# What stands in for NVIDIA's library. Sanitizers know no calls of C by other types.
add_library(nvml_stand_in MODULE monitor/nvml_stand_in.cpp)
if(CMAKE_CXX_FLAGS MATCHES "-fsanitize=")
    target_compile_options(nvml_stand_in PRIVATE -fno-sanitize=all)
endif()
add_dependencies(monitor_test nvml_stand_in)
target_compile_definitions(monitor_test PRIVATE "MLSCRIBE_NVML_STAND_IN=\"$<TARGET_FILE:nvml_stand_in>\"")
target_link_libraries(monitor_test PRIVATE ${CMAKE_DL_LIBS})

# One header draws with libpng.
if(PNG_FOUND)
    file(GLOB sources CONFIGURE_DEPENDS "image/*_test.cpp")
    mlscribe_test(image 17 ${sources})
    target_link_libraries(image_test PRIVATE PNG::PNG)
endif()

# What is asked of a tracking server, and of one that stands in for it.
if(mlscribe_can_sync)
    file(GLOB sources CONFIGURE_DEPENDS "sync/*_test.cpp")
    mlscribe_test(sync 17 ${sources})
    target_link_libraries(sync_test PRIVATE CURL::libcurl nlohmann_json::nlohmann_json)
    # Python's servers speak TLS, too.
    add_executable(ask_server sync/ask_server.cpp)
    target_link_libraries(ask_server PRIVATE mlscribe::mlscribe CURL::libcurl nlohmann_json::nlohmann_json)
    find_program(MLSCRIBE_PYTHON python3 REQUIRED)
    add_test(NAME sync.tls COMMAND "${MLSCRIBE_PYTHON}" "${CMAKE_CURRENT_SOURCE_DIR}/sync/tls_test.py")
    set_tests_properties(sync.tls PROPERTIES
        TIMEOUT 600
        ENVIRONMENT "${mlscribe_test_environment};MLSCRIBE_ASK_SERVER=$<TARGET_FILE:ask_server>")
endif()

# While one file is worked at, -DMLSCRIBE_TEST_BATCHES=OFF compiles only that again.
option(MLSCRIBE_TEST_BATCHES "Compile the tests many files at once: the whole is done sooner" ON)
if(MLSCRIBE_TEST_BATCHES)
    # Takes the C library's place.
    set_source_files_properties(scenario/planned_calls.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    foreach(folder layout file journal figure store metric tag artifact registry model dataset table flavor run query
                   hpc monitor report doctor reported)
        mlscribe_test_batches(${folder} 30)
    endforeach()
    mlscribe_test_batches(scenario 10)
    mlscribe_test_batches(ends 30)
    if(PNG_FOUND)
        mlscribe_test_batches(image 30)
    endif()
    if(mlscribe_can_sync)
        mlscribe_test_batches(sync 30)
    endif()
endif()

# More signals than the tests have time for.
add_custom_target(signal_campaign
    COMMAND "${CMAKE_COMMAND}" -E env MLSCRIBE_TEST_SIGNALS=500
            $<TARGET_FILE:ends_test> --run_test=signals_under_load
    USES_TERMINAL VERBATIM)
add_dependencies(signal_campaign ends_test)

# What differs between the two standards: reflection without a macro.
foreach(folder reflect param)
    file(GLOB sources CONFIGURE_DEPENDS "${folder}/*_test.cpp")
    if(sources)
        mlscribe_test(${folder}_cxx20 20 ${sources})
    endif()
endforeach()

# ctest begins with what takes longest, so that nothing is left to run alone.
set_tests_properties(scenario ends PROPERTIES COST 300)
set_tests_properties(journal reported PROPERTIES COST 100)
