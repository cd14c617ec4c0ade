# cmake -DNM=<nm> -DPROGRAM=<program> -DCALLS=<library> -P imports.cmake: each function that the
# program imports to do something with a file is one that the library can have fail.
function(list_symbols which file result)
    execute_process(COMMAND "${NM}" --dynamic --format=posix ${which} "${file}"
                    OUTPUT_VARIABLE lines COMMAND_ERROR_IS_FATAL ANY)
    string(REGEX REPLACE "[@ ][^\n]*" "" names "${lines}")
    string(REGEX MATCHALL "[^\n]+" names "${names}")
    set(${result} "${names}" PARENT_SCOPE)
endfunction()

list_symbols(--undefined-only "${PROGRAM}" imported)
list_symbols(--defined-only "${CALLS}" failing)
set(about "open|creat|close|read|write|dir|rename|link|unlink|stat|statx|truncate|allocate|sync|mmap|chmod|chown|utime|futimes|copy_file_range|sendfile|splice|access|mknod|mkfifo|xattr")
list(FILTER imported INCLUDE REGEX "^_*[a-z]*(${about})[a-z]*(64)?[0-9]*(v|at|at2|ns)?(_chk|_2)?$")
# Of a stream that is open, of memory, or of no file.
list(FILTER imported EXCLUDE REGEX "^(closedir|dirfd|rewinddir|f?write_unlocked|pthread_.*)$")
if(NOT imported)
    message(FATAL_ERROR "${PROGRAM} imports nothing that could fail")
endif()
set(missed "${imported}")
list(REMOVE_ITEM missed ${failing})
if(missed)
    message(FATAL_ERROR "${CALLS} lets these calls of ${PROGRAM} through: ${missed}")
endif()
list(LENGTH imported count)
message("${count} calls that a program imports can fail: ${imported}")
