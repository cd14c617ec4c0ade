# SPDX-License-Identifier: MIT
# cmake -P print_outputs.cmake, in a build tree behind its tests: what the campaigns among them said,
# which ctest shows of tests that fail only.
set(log "Testing/Temporary/LastTest.log")
if(EXISTS "${log}.tmp")  # ctest is about to close it
    set(log "${log}.tmp")
endif()
if(NOT EXISTS "${log}")
    return()
endif()
file(READ "${log}" text)
string(REGEX MATCHALL "Testing: (campaign\\.[a-z_]+|oracle\\.failure)\n" tests "${text}")
foreach(test IN LISTS tests)
    string(REGEX REPLACE "Testing: (.*)\n" "\\1" name "${test}")
    string(FIND "${text}" "${test}" begin)
    string(SUBSTRING "${text}" ${begin} -1 output)
    string(FIND "${output}" "<end of output>" end)
    string(SUBSTRING "${output}" 0 ${end} output)
    string(REGEX REPLACE "^.*\nOutput:\n-+\n" "" output "${output}")
    string(STRIP "${output}" output)
    message("\n${name}:\n${output}")
endforeach()
