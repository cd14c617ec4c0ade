# The real MLflow as the judge of what the library wrote: the last 2.x release that many servers
# run, and a 3.x one. MLSCRIBE_VENV_CACHE names a directory that outlives the build tree.
set(MLSCRIBE_VENV_CACHE "$ENV{MLSCRIBE_VENV_CACHE}" CACHE PATH "Where the Python environments live")
set(venvs "${MLSCRIBE_VENV_CACHE}")
if(NOT venvs)
    set(venvs "${PROJECT_BINARY_DIR}/venv")
endif()

find_program(MLSCRIBE_BASH bash REQUIRED)
# The build begins with it, which waits for the network while others compile; where that fails, the
# test says why.
function(mlscribe_oracle version)
    set(make_venv "${MLSCRIBE_BASH}" "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/make_venv.sh" "${venvs}/${version}" ${ARGN})
    add_custom_target(venv_${version} ALL COMMAND ${make_venv} || true VERBATIM)
    add_test(NAME oracle.${version} COMMAND ${make_venv})
    set_tests_properties(oracle.${version} PROPERTIES FIXTURES_SETUP oracle_${version} TIMEOUT 1200 COST 400)
endfunction()
# What the flavors need to predict.
set(flavor_packages xgboost-cpu==3.2.0 lightgbm==4.7.0 onnx==1.23.2 onnxruntime==1.32.0)
mlscribe_oracle(v2 mlflow-skinny==2.22.5 pandas==3.1.1 scikit-learn==1.9.1 ${flavor_packages})
# psutil and nvidia-ml-py: what MLflow measures its own system metrics with; psycopg2 keeps a tracking
# server's data in PostgreSQL.
mlscribe_oracle(v3 mlflow==3.17.2 ${flavor_packages} psutil==7.2.2 nvidia-ml-py==13.615.71 psycopg2-binary==2.9.13)
