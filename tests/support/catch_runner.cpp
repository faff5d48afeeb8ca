// Version 2 of Catch2 compiles its runner here, once for all executables. This file takes no part in the precompiled
// header, which includes that version without a runner.

#include "catch_runner.hpp"

#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

namespace turnstile::testing {

int run_tests(int argument_count, char** arguments) { return Catch::Session().run(argument_count, arguments); }

}  // namespace turnstile::testing
