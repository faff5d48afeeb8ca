// The one main() of all test executables. Version 2 of Catch2 compiles its runner here, which is
// why this file takes no part in the precompiled header: that one includes the version without a
// runner.

#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argument_count, char** arguments) { return Catch::Session().run(argument_count, arguments); }
