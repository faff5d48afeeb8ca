#pragma once

namespace turnstile::testing {

// Runs the test cases that the arguments name; how many failed.
int run_tests(int argument_count, char** arguments);

}  // namespace turnstile::testing
