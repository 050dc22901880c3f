# Installs the build BUILD, moves what was installed, and builds and runs projects that find it as
# the CMake package normscope; runs the installed program PROGRAM too, where there is one. Nothing of
# the build folder is used but the models in SMALL_MODELS.
function(run)
  execute_process(COMMAND ${ARGN} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  if(NOT status EQUAL 0)
    message(FATAL_ERROR "${ARGN}\nends with ${status}:\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(build project folder)
  run(${CMAKE_COMMAND} -S ${project} -B ${WORK}/${folder} -G ${GENERATOR} -DCMAKE_CXX_COMPILER=${CXX}
      -DCMAKE_PREFIX_PATH=${WORK}/prefix)
  run(${CMAKE_COMMAND} --build ${WORK}/${folder})
endfunction()

file(REMOVE_RECURSE ${WORK})
run(${CMAKE_COMMAND} --install ${BUILD} --prefix ${WORK}/first)
file(RENAME ${WORK}/first ${WORK}/prefix)

set(program)
if(PROGRAM)
  set(program ${WORK}/prefix/${PROGRAM})
  run(${CMAKE_COMMAND} -E env --unset=LD_LIBRARY_PATH ${program} --version)
  if(NOT output MATCHES "^normscope ${VERSION}\n")
    message(FATAL_ERROR "the installed program says: ${output}")
  endif()
endif()

build(${TESTS}/consumer consumer)
run(${WORK}/consumer/consumer)
if(NOT output STREQUAL "normscope ${VERSION}: slope 0.5
no/such/folder: No such file or directory
interrupted
invalid argument
")
  message(FATAL_ERROR "the consumer says: ${output}")
endif()

build(${EXAMPLES} examples)
run(${PYTHON} ${TESTS}/examples_test.py ${WORK}/examples ${SMALL_MODELS} ${program})
