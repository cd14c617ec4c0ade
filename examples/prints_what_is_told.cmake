# cmake -DPROGRAM=<program> -DSOURCE=<its source> -P prints_what_is_told.cmake
# Runs the program, and compares what it prints with the indented lines below "/// Prints" in the
# source, where … stands for any text within a line.
file(READ "${SOURCE}" source)
if(NOT source MATCHES "\n/// Prints[^\n]*\n///\n((///     [^\n]*\n)+)")
    message(FATAL_ERROR "${SOURCE} does not tell what it prints")
endif()
string(REGEX REPLACE "///     ([^\n]*\n)" "\\1" told "${CMAKE_MATCH_1}")

execute_process(COMMAND "${PROGRAM}" OUTPUT_VARIABLE printed ERROR_VARIABLE errors RESULT_VARIABLE failed)
if(printed MATCHES "^skipped: ")
    message("${printed}")  # by which ctest knows
    return()
endif()

string(REGEX REPLACE "([][+.*()^$?|\\])" "\\\\\\1" pattern "${told}")
string(REPLACE "…" "[^\n]*" pattern "${pattern}")
if(failed OR NOT errors STREQUAL "" OR NOT printed MATCHES "^${pattern}$")
    message(FATAL_ERROR "exit status ${failed}; told:\n${told}\nprinted:\n${printed}\n${errors}")
endif()
