// The main() of all test executables but those that run on several ranks.

#include "catch_runner.hpp"

int main(int argument_count, char** arguments) { return turnstile::testing::run_tests(argument_count, arguments); }
